// Rust's standard library, a thread for each connection, and no signal code, for the library has none.
// Its flaws: SIGTERM and SIGINT kill it at once, with everything in flight; a payment sent twice is charged twice, and
// nothing of it is synced.
use std::fs::OpenOptions;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::time::Duration;
use std::{env, thread};

fn answer(mut client: &TcpStream, status: &str, text: &str) -> std::io::Result<()> {
    let head = format!("HTTP/1.1 {}\r\nContent-Length: {}\r\n\r\n", status, text.len());
    client.write_all((head + text).as_bytes())
}

fn serve(client: TcpStream) -> std::io::Result<()> {
    let mut reader = BufReader::new(client.try_clone()?);
    loop {
        let mut head = Vec::new();
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line)? == 0 {
                return Ok(());
            }
            if line.trim().is_empty() {
                break;
            }
            head.push(line);
        }
        let length = head.iter().find_map(|line| line.to_lowercase().strip_prefix("content-length:")?.trim().parse().ok());
        let mut body = vec![0; length.unwrap_or(0)];
        reader.read_exact(&mut body)?;
        let target = head[0].split(' ').nth(1).unwrap_or("/");
        if target.starts_with("/slow") {
            let ms = target.split("ms=").nth(1).and_then(|ms| ms.parse().ok()).unwrap_or(1000);
            thread::sleep(Duration::from_millis(ms));
            answer(&client, "200 OK", &format!("done after {} ms\n", ms))?;
        } else if target == "/payments" {
            let path = env::var("LEDGER").unwrap_or_else(|_| "payments.jsonl".into());
            body.push(b'\n');
            OpenOptions::new().create(true).append(true).open(path)?.write_all(&body)?;
            answer(&client, "201 Created", &String::from_utf8_lossy(&body))?;
        } else if target == "/readyz" {
            answer(&client, "200 OK", "ready\n")?;
        } else {
            answer(&client, "200 OK", "hello\n")?;
        }
    }
}

fn main() {
    let port = env::var("PORT").unwrap_or_else(|_| "8080".into());
    let listener = TcpListener::bind(format!("127.0.0.1:{}", port)).unwrap();
    for client in listener.incoming() {
        let client = client.unwrap();
        thread::spawn(move || serve(client));
    }
}
