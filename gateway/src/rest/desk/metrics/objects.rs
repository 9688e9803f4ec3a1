//! The desk's figures as JSON. Durations are seconds.

use chrono::TimeDelta;
use poem_openapi::Object;
use query_api::desk::metrics::{AgentFigures, DayFigures, DeskMetrics, Figures, MetricsQuestion, Spread};

use crate::rest::moment::Moment;

/// How the desk is doing.
#[derive(Debug, Clone, Object)]
#[oai(rename = "DeskMetrics")]
pub struct MetricsObject {
    /// The first day, such as `2024-01-15`.
    from: String,
    /// The last day.
    to: String,
    /// What lasts was counted until here: now, or the moment asked about.
    until: Moment,
    /// The figures of all days together.
    total: FiguresObject,
    /// Those of each day that has begun, in order.
    days: Vec<DayObject>,
    /// Those of each agent who did something.
    agents: Vec<AgentObject>,
}

/// The figures of a day.
#[derive(Debug, Clone, Object)]
#[oai(rename = "DeskDay")]
pub struct DayObject {
    /// The day (UTC), such as `2024-01-15`.
    day: String,
    /// Its figures.
    #[oai(flatten)]
    figures: FiguresObject,
}

/// The figures of an agent.
#[derive(Debug, Clone, Object)]
#[oai(rename = "DeskAgentFigures")]
pub struct AgentObject {
    /// The agent.
    agent_id: String,
    /// What they are called.
    agent_name: String,
    /// Their figures.
    #[oai(flatten)]
    figures: FiguresObject,
}

/// Figures of the desk.
#[derive(Debug, Clone, Object)]
#[oai(rename = "DeskFigures")]
pub struct FiguresObject {
    /// How many requests for a person customers made; `null` where it is about one agent.
    #[oai(nullable)]
    requests: Option<u64>,
    /// How often an agent stepped in whom nobody had asked for; `null` where it is about one agent.
    #[oai(nullable)]
    takeovers: Option<u64>,
    /// From a request to the first agent who came. Where an agent stepped in unasked there is none.
    response_time: SpreadObject,
    /// From assignment to unassignment.
    handle_time: SpreadObject,
    /// How many customers waited; `null` where it is about one agent.
    #[oai(nullable)]
    queue_length: Option<QueueLengthObject>,
    /// How busy agents were.
    utilisation: UtilisationObject,
    /// What became of requests.
    resolution: ResolutionObject,
    /// What customers said about the help.
    satisfaction: SatisfactionObject,
}

/// How durations are spread; all 0 where there are none.
#[derive(Debug, Clone, Object)]
#[oai(rename = "DeskDurations")]
pub struct SpreadObject {
    /// How many there are.
    count: u64,
    /// Their mean in seconds.
    mean_seconds: f64,
    /// What half of them do not exceed, in seconds.
    median_seconds: f64,
    /// What nine of ten do not exceed, in seconds.
    p90_seconds: f64,
    /// The longest, in seconds.
    max_seconds: f64,
}

/// How many customers waited for a person whom nobody helped.
#[derive(Debug, Clone, Object)]
#[oai(rename = "DeskQueueLength")]
pub struct QueueLengthObject {
    /// At the end of the time, or now.
    at_end: u64,
    /// The most at any moment of it.
    longest: u64,
}

/// How busy agents were.
#[derive(Debug, Clone, Object)]
#[oai(rename = "DeskUtilisation")]
pub struct UtilisationObject {
    /// How many agents handled at least one conversation.
    agents: u64,
    /// How many conversations were handled.
    conversations: u64,
    /// For how long agents handled at least one conversation, added up over agents, in seconds.
    busy_seconds: f64,
    /// For how long conversations were handled, added up over conversations, in seconds.
    handled_seconds: f64,
    /// How many conversations an agent handled at a time while handling any; `null`: none was handled.
    #[oai(nullable)]
    conversations_at_a_time: Option<f64>,
}

/// What became of the requests for a person that ended.
#[derive(Debug, Clone, Object)]
#[oai(rename = "DeskResolution")]
pub struct ResolutionObject {
    /// Those that ended while an agent handled the conversation.
    helped: u64,
    /// Those that ended while nobody did.
    abandoned: u64,
    /// The part that was helped, from 0 to 1; `null`: none ended.
    #[oai(nullable)]
    rate: Option<f64>,
}

/// What customers said about the help.
#[derive(Debug, Clone, Object)]
#[oai(rename = "DeskSatisfaction")]
pub struct SatisfactionObject {
    /// How many ratings there were.
    ratings: u64,
    /// The mean score, from 1 to 5; `null`: there was none.
    #[oai(nullable)]
    mean: Option<f64>,
}

impl MetricsObject {
    /// The answer to a question.
    #[must_use]
    pub fn of(question: &MetricsQuestion, metrics: DeskMetrics) -> Self {
        Self {
            from: question.first.to_string(),
            to: question.last.to_string(),
            until: question.now.into(),
            total: metrics.total.into(),
            days: metrics.days.into_iter().map(Into::into).collect(),
            agents: metrics.agents.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<DayFigures> for DayObject {
    fn from(of: DayFigures) -> Self {
        Self { day: of.day.to_string(), figures: of.figures.into() }
    }
}

impl From<AgentFigures> for AgentObject {
    fn from(of: AgentFigures) -> Self {
        Self { agent_id: of.id, agent_name: of.name, figures: of.figures.into() }
    }
}

impl From<Figures> for FiguresObject {
    fn from(of: Figures) -> Self {
        let (used, resolution, satisfaction) = (of.utilisation, of.resolution, of.satisfaction);
        Self {
            requests: of.requests,
            takeovers: of.takeovers,
            response_time: of.response.into(),
            handle_time: of.handle.into(),
            queue_length: of.queue.map(|queue| QueueLengthObject { at_end: queue.at_end, longest: queue.longest }),
            utilisation: UtilisationObject {
                agents: used.agents,
                conversations: used.conversations,
                busy_seconds: seconds(used.busy),
                handled_seconds: seconds(used.handled),
                conversations_at_a_time: used.at_a_time(),
            },
            resolution: ResolutionObject { helped: resolution.helped, abandoned: resolution.abandoned, rate: resolution.rate() },
            satisfaction: SatisfactionObject { ratings: satisfaction.ratings, mean: satisfaction.mean() },
        }
    }
}

impl From<Spread> for SpreadObject {
    fn from(of: Spread) -> Self {
        Self {
            count: of.count,
            mean_seconds: seconds(of.mean),
            median_seconds: seconds(of.median),
            p90_seconds: seconds(of.p90),
            max_seconds: seconds(of.max),
        }
    }
}

fn seconds(of: TimeDelta) -> f64 {
    of.as_seconds_f64()
}
