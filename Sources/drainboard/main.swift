print("drainboard")
