//! The report from the outside: a rich record in, one page out.

#[cfg(test)]
mod fixture;
#[cfg(test)]
mod markup;
#[cfg(test)]
mod page;
#[cfg(test)]
mod picture;
#[cfg(test)]
mod style;
