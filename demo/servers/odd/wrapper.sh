# A shell wrapper that does not forward: the signal ends the shell, and the server lives on and holds the port.
here=$(dirname "$0")
echo "starting the server"
python3 -u "$here/no-handler.py"
echo "the server has ended"
