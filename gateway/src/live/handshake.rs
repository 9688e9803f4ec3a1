//! Who may open a socket, and from which pages.
//!
//! Browsers let a page set no headers on a socket, so the access token may come as the parameter `token` or the cookie
//! `kith_token` as well, and an operator's tenant as the parameter `tenant`. A cookie comes with whatever page opens the socket,
//! so pages of other origins than this service's own are refused unless they may call the API.

use std::sync::Arc;

use poem::http::header;
use poem::web::Data;
use poem::web::websocket::{WebSocket, WebSocketConfig};
use poem::{FromRequest, Request, RequestBody, Response};

use super::format::Format;
use super::socket::{Connection, MOST_BYTES_SAID, Socket, Source};
use crate::app::AppState;
use crate::armour::About;
use crate::auth::Permission;
use crate::openapi::{strict, texts};
use crate::problem::{Kind, Problem};
use crate::rest::call::{Call, Credentials};

/// The parameters that may carry the access token, and name an operator's tenant.
const TOKEN: &str = "token";
const TENANT: &str = "tenant";
/// The cookie that may carry the access token.
const COOKIE: &str = "kith_token";
/// The most bytes of a message that is read to its end. More than a client may say, so that one who says a little too much is
/// told so: what is not read is in the way of the goodbye.
const MOST_BYTES_READ: usize = 4 * MOST_BYTES_SAID;
/// How many bytes are read at once. Every socket has a buffer of this size, which is wiped whenever it is looked whether the client
/// said something: clients say little.
const BYTES_AT_ONCE: usize = 4 * 1024;
/// The most sockets of one process.
const MOST_SOCKETS: usize = 10_000;

/// A socket that is asked for by somebody who may do `O`.
pub struct Handshake<O> {
    /// Who asks, and for what.
    pub call: Call<O>,
    token: String,
    parameters: Parameters,
    format: Format,
    socket: WebSocket,
}

/// The parameters of a socket's URL.
#[derive(Debug, Clone)]
pub struct Parameters(Vec<(String, String)>);

impl Parameters {
    fn of(request: &Request) -> Result<Self, Problem> {
        texts::parameters(request).map(Self)
    }

    /// What a parameter says; an empty one is as good as none.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }
}

impl<'a, O: Permission> FromRequest<'a> for Handshake<O> {
    async fn from_request(request: &'a Request, body: &mut RequestBody) -> poem::Result<Self> {
        let Data(app) = Data::<&AppState>::from_request(request, body).await?;
        let Data(about) = Data::<&Arc<About>>::from_request(request, body).await?;
        check_origin(app, request)?;
        let (header, parameters) = (Credentials::of_headers(request), Parameters::of(request)?);
        let parameter = |name| parameters.get(name).map(str::to_owned);
        let token = header.token.or_else(|| parameter(TOKEN)).or_else(|| cookie(request));
        let credentials = Credentials { token: token.clone(), tenant: header.tenant.or_else(|| parameter(TENANT)) };
        let call = Call::admit(app, about, request, credentials).await?;
        if app.live.sockets().len() >= MOST_SOCKETS {
            return Err(Problem::unavailable("There are too many sockets at the moment.").into());
        }
        let socket = WebSocket::from_request(request, body).await.map_err(|_| no_handshake())?;
        let format = Format::asked(request.header(header::SEC_WEBSOCKET_PROTOCOL).unwrap_or_default());
        Ok(Self { call, token: token.unwrap_or_default(), parameters, format, socket })
    }
}

impl<O: Permission> Handshake<O> {
    /// The parameters of the URL, held to those that this socket has beside the client's credentials.
    ///
    /// # Errors
    /// The 400 problem that names a parameter that the socket does not have, or that is given twice.
    pub fn parameters(&self, own: &[&str]) -> Result<Parameters, Problem> {
        let declared: Vec<String> = own.iter().chain(&[TOKEN, TENANT]).map(|name| (*name).to_owned()).collect();
        strict::refusal(&self.parameters.0, &declared).map_or_else(|| Ok(self.parameters.clone()), Err)
    }

    /// Opens the socket and runs it until one of the two ends it.
    pub fn open(self, source: impl Source) -> Response {
        self.open_with(|_| source)
    }

    /// As [`Handshake::open`], with a source that acts on behalf of who asked for the socket.
    pub fn open_with<S: Source>(self, source: impl FnOnce(Call<O>) -> S) -> Response {
        use poem::IntoResponse;
        let Self { call, token, format, socket, .. } = self;
        let guard = call.app.live.sockets().token();
        let config = WebSocketConfig::default()
            .read_buffer_size(BYTES_AT_ONCE)
            .max_message_size(Some(MOST_BYTES_READ))
            .max_frame_size(Some(MOST_BYTES_READ));
        let connection = Connection {
            app: call.app.clone(),
            token,
            operation: O::OPERATION,
            format,
            correlation_id: call.about.correlation_id().clone(),
        };
        let source = source(call.opened());
        let upgraded = socket.protocols(Format::PROTOCOLS).config(config).on_upgrade(move |stream| async move {
            Socket::new(stream, connection).run(source).await;
            drop(guard);
        });
        upgraded.into_response()
    }
}

fn no_handshake() -> Problem {
    Problem::new(Kind::Malformed, "This path is a WebSocket: ask for an upgrade.")
}

fn cookie(request: &Request) -> Option<String> {
    let cookies = request.headers().get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let pairs = cookies.flat_map(|text| text.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.into_iter().find(|(name, _)| *name == COOKIE).map(|(_, value)| value.trim_matches('"').to_owned())
}

/// A page of another origin may open a socket where it may call the API; a client that is no browser names no origin.
fn check_origin(app: &AppState, request: &Request) -> Result<(), Problem> {
    let Some(origin) = request.headers().get(header::ORIGIN) else { return Ok(()) };
    let origin = origin.to_str().unwrap_or_default();
    let own = origin.split_once("://").map(|(_, host)| host);
    if own.is_some() && own == request.header(header::HOST) || app.options.cors_origins.iter().any(|known| known == origin) {
        return Ok(());
    }
    Err(Problem::new(Kind::ForeignOrigin, "Pages of this origin may not open a socket here."))
}
