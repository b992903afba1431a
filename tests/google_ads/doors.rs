//! Google Ads over real sockets: paths with a colon, and the headers only this platform wants.

use std::{collections::BTreeMap, sync::Arc};

use fastrand::Rng;
use omnitraffick::{
    engine::{
        clock::SystemClock,
        model::{
            deploy::OutcomeClass,
            platform::{AccountId, PlatformId},
            ticket::RequestType,
            time::Timestamp,
        },
    },
    platforms::{
        KnownIds, Platform,
        google_ads::GoogleAds,
        sandbox::{Sandbox, config::WorldConfig, server},
        transport::{
            CredentialBook, FixedToken, HttpSettings, HttpTransport, PlatformEndpoint, Secret, SecretSource, Transport,
        },
    },
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
};
use tokio_util::sync::CancellationToken;

fn fixed(text: &str) -> Arc<dyn SecretSource> {
    Arc::new(FixedToken(Secret::from_source(text).unwrap()))
}

fn transport(address: std::net::SocketAddr, version: &str) -> HttpTransport {
    let book = CredentialBook {
        default: Some(fixed("ya29.token")),
        headers: BTreeMap::from([
            ("developer-token".to_owned(), fixed("dev-secret")),
            ("login-customer-id".to_owned(), fixed("1112223333")),
        ]),
        ..CredentialBook::default()
    };
    let endpoint = PlatformEndpoint {
        base_url: format!("http://{address}"),
        version: version.to_owned(),
        credentials: Arc::new(book),
    };
    HttpTransport::new(
        &HttpSettings::default(),
        BTreeMap::from([(PlatformId::GoogleAds, endpoint)]),
    )
    .unwrap()
}

async fn first_request(transport: &HttpTransport) -> omnitraffick::engine::model::deploy::Outcome {
    let mut job = crate::tickets::job(&mut Rng::with_seed(8), RequestType::Create);
    // Far enough ahead for the real clock.
    job.flight.as_mut().unwrap().start = "2035-01-01".parse().unwrap();
    job.flight.as_mut().unwrap().end = Some("2035-02-01".parse().unwrap());
    job.account.currency = "USD".parse().unwrap();
    job.budget.as_mut().unwrap().money = crate::tickets::amount(500_000, job.account.currency);
    let account: AccountId = job.account.id.clone();
    let step = GoogleAds.steps(&job).unwrap().remove(0);
    let request = GoogleAds.plan(&job, &step, &KnownIds::new()).unwrap();
    let exchange = transport.send(PlatformId::GoogleAds, &account, &request).await;
    GoogleAds.interpret(&job, &step, &exchange, Timestamp::default())
}

#[tokio::test]
async fn the_sandbox_serves_google_over_http_and_refuses_old_versions() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let stop = CancellationToken::new();
    let sandbox = Arc::new(Sandbox::new(&WorldConfig::default()));
    let serving = server::serve(listener, Arc::clone(&sandbox), Arc::new(SystemClock), stop.clone());
    let server = tokio::spawn(serving);
    let made = first_request(&transport(address, "v25")).await;
    assert_eq!(made.class, OutcomeClass::Done, "{made:?}");
    assert!(made.external_id.is_some());
    let old = first_request(&transport(address, "v22")).await;
    assert_eq!(old.class, OutcomeClass::LaneBlocked, "{old:?}");
    assert_eq!(old.code.as_deref(), Some("requestError.UNSUPPORTED_VERSION"));
    stop.cancel();
    server.await.unwrap().unwrap();
}

#[tokio::test]
async fn the_headers_of_the_account_travel_and_stay_secret() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut bytes = vec![0; 64 * 1024];
        let n = stream.read(&mut bytes).await.unwrap();
        stream
            .write_all(b"HTTP/1.1 500 no\r\ncontent-length: 99\r\n\r\n{")
            .await
            .unwrap();
        String::from_utf8_lossy(&bytes[..n]).into_owned()
    });
    let outcome = first_request(&transport(address, "v25")).await;
    let sent = server.await.unwrap();
    let line = sent.lines().next().unwrap();
    assert!(
        line.starts_with("POST /v25/customers/") && line.contains("/googleAds:mutate "),
        "{line}"
    );
    for header in [
        "authorization: Bearer ya29.token",
        "developer-token: dev-secret",
        "login-customer-id: 1112223333",
        "content-type: application/json",
    ] {
        assert!(sent.contains(header), "{header} in {sent}");
    }
    assert_eq!(outcome.class, OutcomeClass::Unknown, "{outcome:?}");
    assert!(!format!("{outcome:?}").contains("secret"), "{outcome:?}");
}
