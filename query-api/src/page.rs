//! Pages of a list.

/// The greatest page number that is accepted: far behind the end of any list, and safe to multiply with.
const MAX_PAGE: u64 = u32::MAX as u64;
/// The most rows that any page may have.
const MAX_PAGE_SIZE: u64 = 1_000;

/// Which page of a list: the number from 1, and how many rows a page has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageRequest {
    page: u64,
    page_size: u64,
}

/// Why a page cannot be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PageRequestError {
    /// Pages count from 1.
    #[error("page is a number from 1 to {MAX_PAGE}")]
    Page,
    /// A page has at least one row and no more than the greatest size.
    #[error("page_size is a number from 1 to {MAX_PAGE_SIZE}")]
    PageSize,
}

impl PageRequest {
    /// The page with this number, from 1, of pages with so many rows.
    ///
    /// # Errors
    /// When the number is 0 or beyond all lists, or the size is 0 or above 1,000. A stricter bound is for the door to hold.
    pub const fn new(page: u64, page_size: u64) -> Result<Self, PageRequestError> {
        if page == 0 || page > MAX_PAGE {
            return Err(PageRequestError::Page);
        }
        if page_size == 0 || page_size > MAX_PAGE_SIZE {
            return Err(PageRequestError::PageSize);
        }
        Ok(Self { page, page_size })
    }

    /// The number of the page, from 1.
    #[must_use]
    pub const fn page(self) -> u64 {
        self.page
    }

    /// How many rows a full page has.
    #[must_use]
    pub const fn page_size(self) -> u64 {
        self.page_size
    }

    /// How many rows stand before the page.
    #[must_use]
    pub const fn offset(self) -> u64 {
        (self.page - 1) * self.page_size
    }
}

/// One page, and how many rows the whole list has.
#[derive(Debug, Clone, PartialEq)]
pub struct Page<T> {
    /// Rows of the whole list, exactly.
    pub count: u64,
    /// The rows of this page; none when the page is behind the end.
    pub rows: Vec<T>,
}

impl<T> Page<T> {
    /// Whether the list goes on behind this page.
    #[must_use]
    pub const fn has_next(&self, request: PageRequest) -> bool {
        request.page * request.page_size < self.count
    }
}
