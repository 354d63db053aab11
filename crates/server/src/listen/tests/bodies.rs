//! Claims about bodies that are slow to come.

use http::StatusCode;
use http_body_util::BodyExt;

use super::*;

/// Answers with how long the body was, or 408 where it came too late; to `/unread` it does not look
/// at the body.
async fn start(limits: Limits) -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let stop = CancellationToken::new();
    let service = |_, _| {
        service_fn(|request: Request<TimedBody>| async move {
            let mut answer = Response::new(Full::new(Bytes::from("unread")));
            if request.uri().path() != "/unread" {
                match request.into_body().collect().await {
                    Ok(body) => *answer.body_mut() = body.to_bytes().len().to_string().into(),
                    Err(error) => {
                        assert!(Late::caused(&*error), "{error}");
                        *answer.status_mut() = StatusCode::REQUEST_TIMEOUT;
                    }
                }
            }
            Ok::<_, Infallible>(answer)
        })
    };
    let serving = tokio::spawn(serve(listener, None, limits, service, stop.clone()));
    Server { address, stop, serving }
}

fn post(path: &str, length: usize) -> String {
    format!("POST {path} HTTP/1.1\r\nhost: x\r\ncontent-length: {length}\r\n\r\n")
}

#[tokio::test]
async fn a_body_that_dribbles_is_refused_and_its_connection_closed() {
    let server = start(Limits { body: SHORT, ..lax() }).await;
    let mut stream = server.connect().await;
    let begin = Instant::now();
    send(&mut stream, &post("/", 1_000)).await;
    let (mut read, mut write) = stream.into_split();
    let dribble = tokio::spawn(async move {
        while write.write_all(b"x").await.is_ok() {
            sleep(SHORT / 10).await;
        }
    });
    assert_eq!(answer(&mut read).await.0, "http/1.1 408 request timeout");
    check_closed_after(begin, SHORT);
    let end = timeout(PATIENCE, read.read_to_end(&mut Vec::new())).await.expect("it is closed");
    assert!(end.is_err() || end.is_ok_and(|more| more == 0));
    dribble.abort();
    server.stopped().await;
}

#[tokio::test]
async fn a_body_that_is_whole_in_time_is_read_and_the_connection_kept() {
    let server = start(Limits { body: 10 * SHORT, ..lax() }).await;
    let mut stream = server.connect().await;
    for _ in 0..2 {
        send(&mut stream, &post("/", 4)).await;
        for _ in 0..4 {
            sleep(SHORT / 4).await;
            send(&mut stream, "x").await;
        }
        assert_eq!(answer(&mut stream).await.1, "4");
    }
    server.stopped().await;
}

#[tokio::test]
async fn a_body_that_nobody_reads_holds_no_connection() {
    let server = start(lax()).await;
    let mut stream = server.connect().await;
    send(&mut stream, &post("/unread", 4)).await;
    assert_eq!(answer(&mut stream).await.1, "unread");
    assert_eq!(rest(&mut stream).await, b"");
    server.stopped().await;
}
