// Rust's standard library, mended: a handler writes a byte into a socket pair, and the main thread waits for it. Readiness
// fails first; after the lead the accept queue is emptied and the listener closed, idle connections are ended, and what
// is in flight is finished under a deadline; SIGTERM and SIGINT alike, and a second one forces.
// A payment is on the disk before it is answered, and charged once for each key.
use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::os::unix::{io::AsRawFd, net::UnixStream};
use std::sync::atomic::{AtomicBool, AtomicI32, AtomicUsize, Ordering::SeqCst};
use std::sync::{mpsc, Arc, Mutex};
use std::time::{Duration, Instant};
use std::{env, process, thread};

// The standard library has no signals; these two functions of the C library, which it links anyway, are enough.
extern "C" {
    fn signal(number: i32, handler: extern "C" fn(i32)) -> usize;
    fn write(file: i32, bytes: *const u8, count: usize) -> isize;
}
const SIGINT: i32 = 2;
const SIGTERM: i32 = 15;
static WAKE: AtomicI32 = AtomicI32::new(-1);

extern "C" fn on_signal(_: i32) {
    unsafe { write(WAKE.load(SeqCst), b"s".as_ptr(), 1) };
}

/// One line of JSON for each payment. A torn last line was never answered and counts for nothing.
struct Ledger {
    file: File,
    paid: HashMap<String, String>,
}

impl Ledger {
    fn open(path: &str) -> io::Result<Ledger> {
        let mut file = OpenOptions::new().create(true).append(true).read(true).open(path)?;
        let mut paid = HashMap::new();
        for line in BufReader::new(&file).lines() {
            let line = line?;
            if let (Some(key), true) = (line.strip_prefix("{\"key\":\"").and_then(|rest| rest.split('"').next()), line.ends_with('}')) {
                paid.insert(key.to_string(), line.clone());
            }
        }
        file.write_all(b"\n")?; // ends a torn line
        Ok(Ledger { file, paid })
    }

    fn pay(&mut self, key: &str, order: u32, amount: u32) -> io::Result<(&'static str, String)> {
        if let Some(earlier) = self.paid.get(key) {
            return Ok(("200 OK", earlier.clone()));
        }
        let line = format!("{{\"key\":\"{}\",\"order\":{},\"amount\":{}}}", key, order, amount);
        self.file.write_all(format!("{}\n", line).as_bytes())?;
        self.file.sync_all()?;
        self.paid.insert(key.to_string(), line.clone());
        Ok(("201 Created", line))
    }
}

struct Server {
    ledger: Mutex<Ledger>,
    /// Not ready; then the listener closes; then connections without a request are ended.
    draining: AtomicBool,
    leaving: AtomicBool,
    closing: AtomicBool,
    /// The connections that are open, and whether a request is being served on each.
    open: Mutex<HashMap<usize, (TcpStream, bool)>>,
    count: AtomicUsize,
}

impl Server {
    fn note(&self, id: usize, busy: bool) {
        if let Some(entry) = self.open.lock().unwrap().get_mut(&id) {
            entry.1 = busy;
            if self.closing.load(SeqCst) && !busy {
                let _ = entry.0.shutdown(Shutdown::Read); // what has arrived is still read, and then the end
            }
        }
    }

    fn serve(&self, id: usize, mut client: TcpStream) -> io::Result<()> {
        client.set_read_timeout(Some(Duration::from_secs(10)))?; // of silence, also in the middle of a body
        let mut reader = BufReader::new(client.try_clone()?).take(0);
        loop {
            reader.set_limit(16384);
            let mut head = Vec::new();
            loop {
                let mut line = String::new();
                if reader.read_line(&mut line)? == 0 {
                    return Ok(());
                }
                self.note(id, true);
                if line.trim().is_empty() {
                    break;
                }
                head.push(line.trim().to_string());
            }
            let header = |name: &str| head.iter().find_map(|line| line.split_once(':').filter(|(it, _)| it.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim().to_string()));
            let mut body = vec![0; header("content-length").and_then(|it| it.parse().ok()).unwrap_or(0).min(4096)];
            reader.read_exact(&mut body)?;
            let target = head.first().and_then(|line| line.split(' ').nth(1)).unwrap_or("/").to_string();
            let (status, text) = self.answer(&target, header("idempotency-key"), &String::from_utf8_lossy(&body))?;
            let last = self.draining.load(SeqCst) || header("connection").map_or(false, |it| it.eq_ignore_ascii_case("close"));
            let announced = if last { "Connection: close\r\n" } else { "" };
            let whole = format!("HTTP/1.1 {}\r\nContent-Length: {}\r\n{}\r\n{}", status, text.len(), announced, text);
            client.write_all(whole.as_bytes())?;
            if last {
                return Ok(());
            }
            self.note(id, false);
        }
    }

    fn answer(&self, target: &str, key: Option<String>, body: &str) -> io::Result<(&'static str, String)> {
        if target.starts_with("/slow") {
            let ms = target.split("ms=").nth(1).and_then(|ms| ms.parse().ok()).unwrap_or(1000);
            thread::sleep(Duration::from_millis(ms));
            return Ok(("200 OK", format!("done after {} ms\n", ms)));
        }
        if target == "/payments" {
            let number = |name: &str| -> Option<u32> {
                let rest = body.split_once(&format!("\"{}\":", name))?.1.trim_start();
                rest.split(|it: char| !it.is_ascii_digit()).next()?.parse().ok()
            };
            let key = key.filter(|key| !key.is_empty() && key.chars().all(|it| it.is_ascii_alphanumeric() || "-_".contains(it)));
            return match (key, number("order"), number("amount")) {
                (Some(key), Some(order), Some(amount)) => {
                    let (status, line) = self.ledger.lock().unwrap().pay(&key, order, amount)?;
                    Ok((status, line + "\n"))
                }
                _ => Ok(("400 Bad Request", "a payment needs a JSON body and an Idempotency-Key\n".into())),
            };
        }
        Ok(match (target, self.draining.load(SeqCst)) {
            ("/readyz", true) => ("503 Service Unavailable", "draining\n".into()),
            ("/readyz", false) => ("200 OK", "ready\n".into()),
            _ => ("200 OK", "hello\n".into()),
        })
    }

    fn start(self: &Arc<Server>, client: TcpStream) -> io::Result<()> {
        let id = self.count.fetch_add(1, SeqCst);
        client.set_nonblocking(false)?;
        self.open.lock().unwrap().insert(id, (client.try_clone()?, false));
        let server = Arc::clone(self);
        thread::spawn(move || {
            let lingering = client.try_clone();
            let _ = server.serve(id, client);
            if let Ok(mut client) = lingering {
                // Closing with unread input would destroy the answer on its way.
                let _ = client.shutdown(Shutdown::Write);
                let _ = client.set_read_timeout(Some(Duration::from_millis(200)));
                while matches!(client.read(&mut [0; 4096]), Ok(1..)) {}
            }
            server.open.lock().unwrap().remove(&id);
        });
        Ok(())
    }
}

fn setting(name: &str, otherwise: f64) -> f64 {
    env::var(name).ok().and_then(|value| value.parse().ok()).unwrap_or(otherwise)
}

fn main() -> io::Result<()> {
    let (mut woken, wake) = UnixStream::pair()?;
    WAKE.store(wake.as_raw_fd(), SeqCst);
    for number in [SIGTERM, SIGINT] {
        unsafe { signal(number, on_signal) }; // before anything that takes time
    }
    let (sender, stops) = mpsc::channel();
    thread::spawn(move || while woken.read_exact(&mut [0]).is_ok() && sender.send(()).is_ok() {});
    let (lead, drain) = (Duration::from_secs_f64(setting("LEAD", 1.0)), Duration::from_secs_f64(setting("DRAIN", 30.0)));
    let server = Arc::new(Server {
        ledger: Mutex::new(Ledger::open(&env::var("LEDGER").unwrap_or_else(|_| "payments.jsonl".into()))?),
        draining: AtomicBool::new(false),
        leaving: AtomicBool::new(false),
        closing: AtomicBool::new(false),
        open: Mutex::new(HashMap::new()),
        count: AtomicUsize::new(0),
    });
    let listener = TcpListener::bind(("127.0.0.1", setting("PORT", 8080.0) as u16))?;
    let address = listener.local_addr()?;
    let accepting = {
        let server = Arc::clone(&server);
        thread::spawn(move || {
            while !server.leaving.load(SeqCst) {
                let _ = listener.accept().and_then(|(client, _)| server.start(client));
            }
            // Whoever is in the accept queue has been promised an answer.
            let _ = listener.set_nonblocking(true);
            while let Ok((client, _)) = listener.accept() {
                let _ = server.start(client);
            }
        })
    };

    let _ = stops.recv();
    server.draining.store(true, SeqCst);
    println!("not ready; the listener stays open for {:?}", lead);
    let mut forced = stops.recv_timeout(lead).is_ok();
    server.leaving.store(true, SeqCst);
    let _ = TcpStream::connect(address); // wakes accept
    let _ = accepting.join();
    println!("listener closed");
    thread::sleep(Duration::from_millis(100)); // who was accepted last may have the request still on the way
    {
        let open = server.open.lock().unwrap();
        server.closing.store(true, SeqCst);
        for (client, _) in open.values().filter(|(_, busy)| !busy) {
            let _ = client.shutdown(Shutdown::Read);
        }
    }
    let deadline = Instant::now() + drain;
    while !forced && !server.open.lock().unwrap().is_empty() && Instant::now() < deadline {
        forced = stops.recv_timeout(Duration::from_millis(10)).is_ok();
    }
    let clean = server.open.lock().unwrap().is_empty();
    let _ledger = server.ledger.lock().unwrap(); // a payment that is being written is written whole
    println!("ledger closed; {}", if clean { "nothing was cut" } else { "cut what was still in flight" });
    process::exit(if clean { 0 } else { 1 });
}
