//! The stays as they are compared: each of them once, whichever chapters it is in, and in how many it is not as it should be.

use std::collections::VecDeque;

use futures_util::stream::BoxStream;
use futures_util::{StreamExt as _, stream};

use super::chapters;
use super::moment::Moment;
use crate::db::{DbError, Sql, Tx};
use crate::rebuild::{Cell, Cells};
use crate::value::text;

/// How many stays of a chapter are read at once.
const PAGE: usize = 1_000;

/// What stays are ordered by within a list: text, number, customer, and when they began.
type Place = (String, i64, i64, i64);
/// What a stay was beside that, but for its end: activity, tier, city, province.
type Kind = (Option<i64>, i64, String, String);

/// A stay as it stands in a chapter.
#[derive(sqlx::FromRow)]
struct Stored {
    text: String,
    number: i64,
    no: i64,
    valid_from: i64,
    valid_to: Option<i64>,
    is_active: Option<i64>,
    tier: i64,
    city: String,
    province: String,
}

/// A chapter that is being read.
struct Chapter {
    begins: Moment,
    rows: VecDeque<(Place, i64, Kind)>,
    /// What was read last; `None` when there is nothing left to read.
    after: Option<Place>,
}

/// A list of a tenant that is being read.
struct List {
    tenant: String,
    list: i64,
    beginnings: Vec<Moment>,
    chapters: Vec<Chapter>,
}

/// Reads the stays of all lists, in the order of their key.
pub fn stays(tx: &mut Tx) -> BoxStream<'_, Result<Cells, DbError>> {
    stream::try_unfold(Reader { tx, lists: None, list: None }, |mut reader| async move {
        Ok(reader.next().await?.map(|row| (row, reader)))
    })
    .boxed()
}

struct Reader<'a> {
    tx: &'a mut Tx,
    /// The lists that are still to be read; `None` before that is known.
    lists: Option<VecDeque<(String, i64)>>,
    list: Option<List>,
}

impl Reader<'_> {
    async fn next(&mut self) -> Result<Option<Cells>, DbError> {
        loop {
            if let Some(list) = &mut self.list
                && let Some(row) = list.next(self.tx).await?
            {
                return Ok(Some(row));
            }
            if self.lists.is_none() {
                let select = "SELECT DISTINCT tenant_id, list FROM customer_chapters ORDER BY tenant_id, list";
                self.lists = Some(self.tx.fetch_all(Sql::fixed(select, [])).await?.into());
            }
            let Some((tenant, number)) = self.lists.as_mut().and_then(VecDeque::pop_front) else { return Ok(None) };
            self.list = Some(List::open(self.tx, tenant, number).await?);
        }
    }
}

impl List {
    async fn open(tx: &mut Tx, tenant: String, list: i64) -> Result<Self, DbError> {
        let select = "SELECT begins FROM customer_chapters WHERE tenant_id = $1 AND list = $2 ORDER BY begins";
        let found: Vec<(i64,)> = tx.fetch_all(Sql::fixed(select, [text(&tenant), list.into()])).await?;
        let beginnings: Vec<Moment> = found.into_iter().map(|(begins,)| Moment(begins)).collect();
        let first = || Some((String::new(), i64::MIN, i64::MIN, i64::MIN));
        let chapters =
            beginnings.iter().map(|begins| Chapter { begins: *begins, rows: VecDeque::new(), after: first() }).collect();
        Ok(Self { tenant, list, beginnings, chapters })
    }

    /// The next stay of the list.
    async fn next(&mut self, tx: &mut Tx) -> Result<Option<Cells>, DbError> {
        for chapter in &mut self.chapters {
            chapter.fill(tx, self.list).await?;
        }
        let fronts = self.chapters.iter().filter_map(|chapter| chapter.rows.front());
        let Some(place) = fronts.map(|(place, _, _)| place).min().cloned() else { return Ok(None) };
        let found: Vec<Option<(i64, Kind)>> = self.chapters.iter_mut().map(|chapter| chapter.take(&place)).collect();
        Ok(self.whole(place, &found))
    }

    /// A stay of which this was found in each of the chapters.
    fn whole(&self, (place, number, no, from): Place, found: &[Option<(i64, Kind)>]) -> Option<Cells> {
        // The last chapter that has it tells its end; in those before it was still open.
        let (to, kind) = found.iter().rev().flatten().next()?;
        let with_stay = chapters::with_stay(&self.beginnings, Moment(from), Moment(*to));
        let wrong = found.iter().enumerate().filter(|(at, found)| {
            let end = if at + 1 == with_stay.end { *to } else { Moment::OPEN.0 };
            let wanted = with_stay.contains(at).then_some((end, kind));
            found.as_ref().map(|(to, kind)| (*to, kind)) != wanted
        });
        let wrong = i64::try_from(wrong.count()).unwrap_or(i64::MAX);
        let (is_active, tier, city, province) = kind.clone();
        let key = [Cell::Text(self.tenant.clone()), Cell::Number(self.list), Cell::Text(place)];
        let numbers = [number, no, from, *to].map(Cell::Number);
        let kind = [is_active.map_or(Cell::Null, Cell::Number), Cell::Number(tier), Cell::Text(city), Cell::Text(province)];
        Some(Cells(key.into_iter().chain(numbers).chain(kind).chain([Cell::Number(wrong)]).collect()))
    }
}

impl Chapter {
    /// Sees to it that the next row is there, if there is one.
    async fn fill(&mut self, tx: &mut Tx, list: i64) -> Result<(), DbError> {
        if !self.rows.is_empty() {
            return Ok(());
        }
        let Some((place, number, no, from)) = self.after.take() else { return Ok(()) };
        let select = format!(
            "SELECT text, number, no, valid_from, valid_to, is_active, tier, city, province FROM customer_stays \
             WHERE list = $1 AND chapter = $2 AND (text, number, no, valid_from) > ($3, $4, $5, $6) \
             ORDER BY text, number, no, valid_from LIMIT {PAGE}"
        );
        let values = [list.into(), self.begins.0.into(), text(&place), number.into(), no.into(), from.into()];
        let stored: Vec<Stored> = tx.fetch_all(Sql::composed(select, values)).await?;
        let full = stored.len() == PAGE;
        self.rows = stored.into_iter().map(Stored::parts).collect();
        self.after = self.rows.back().filter(|_| full).map(|(place, _, _)| place.clone());
        Ok(())
    }

    /// Takes the next row, if it is at this place.
    fn take(&mut self, place: &Place) -> Option<(i64, Kind)> {
        let (_, to, kind) = self.rows.pop_front_if(|(at, _, _)| at == place)?;
        Some((to, kind))
    }
}

impl Stored {
    fn parts(self) -> (Place, i64, Kind) {
        let place = (self.text, self.number, self.no, self.valid_from);
        (place, self.valid_to.unwrap_or(Moment::OPEN.0), (self.is_active, self.tier, self.city, self.province))
    }
}
