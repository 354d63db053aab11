//! Edits of the table: links that come, change and go.

use std::sync::{Arc, atomic::Ordering};

use model::{Link, LinkId};

use super::{Kept, PAGE, Place, Slot, Table, View, arena::At, index, record};

impl Table {
    /// Adds or replaces a link that answers at these places, unless a newer state of it is here
    /// already. A place that was another link's is this one's from now on.
    pub fn put(&self, link: &Link, places: &[Place]) {
        let record = record::write(link, places);
        let mut kept = self.kept_mut();
        let kept = &mut *kept;
        let mut view = self.view.load_full();
        let by_link = self.seed.link(link.id);
        let known = kept.slot_of(&view, by_link, link.id);
        let old = known.and_then(|number| {
            let at = view.slot(number)?.at()?;
            Some((at, record::head(kept.arena.record(at)?)?))
        });
        if old.as_ref().is_some_and(|(_, old)| link.version < old.version) {
            return;
        }
        let Some(number) = known.or_else(|| self.free_slot(kept, &mut view)) else { return };
        let Some(slot) = view.slot(number) else { return };
        let at = kept.arena.append(&record);
        {
            let _turn = self.queue();
            slot.at.store(at.word(), Ordering::Release);
            slot.ready.store(None);
        }
        if known.is_none() {
            kept.by_link.put(by_link, number, |_| false);
            self.links.fetch_add(1, Ordering::Relaxed);
        }
        let mut has_grown = false;
        for (domain, key) in places {
            let hash = self.seed.address(*domain, key);
            let arena = &kept.arena;
            let is = |other: u32| arena.is_at(&view, other, *domain, key);
            has_grown |= kept.by_address.put(hash, number, is);
        }
        if has_grown {
            self.show(kept, view.pages.clone());
        }
        if let Some((at, old)) = old {
            let gone = old.places.iter().filter(|place| !places.contains(place));
            gone.for_each(|place| self.leave(kept, number, place));
            self.release(kept, &view, at);
        }
        self.edits.fetch_add(1, Ordering::Release);
    }

    pub fn remove(&self, link: LinkId) {
        let mut kept = self.kept_mut();
        let kept = &mut *kept;
        let view = self.view.load_full();
        let by_link = self.seed.link(link);
        let Some(number) = kept.slot_of(&view, by_link, link) else { return };
        let Some(slot) = view.slot(number) else { return };
        let Some(at) = slot.at() else { return };
        let old = kept.arena.record(at).and_then(record::head);
        for place in old.iter().flat_map(|old| &old.places) {
            self.leave(kept, number, place);
        }
        kept.by_link.take(by_link, |other| other == number);
        {
            let _turn = self.queue();
            slot.at.store(0, Ordering::Release);
            slot.ready.store(None);
        }
        kept.free.push(number);
        self.links.fetch_sub(1, Ordering::Relaxed);
        self.release(kept, &view, at);
        self.edits.fetch_add(1, Ordering::Release);
    }

    /// Forgets every link.
    pub fn clear(&self) {
        let mut kept = self.kept_mut();
        let view = self.view.load_full();
        *kept = Kept::default();
        self.show(&kept, Vec::new());
        let _turn = self.queue();
        // Who still searches the old view finds nothing in it to compile, and nothing compiled.
        for slot in view.pages.iter().flat_map(|page| page.iter()) {
            slot.at.store(0, Ordering::Release);
            slot.ready.store(None);
        }
        self.links.store(0, Ordering::Relaxed);
        self.edits.fetch_add(1, Ordering::Release);
        self.is_damaged.store(false, Ordering::Relaxed);
    }

    /// Takes a link's place away, unless another link took it meanwhile.
    fn leave(&self, kept: &mut Kept, number: u32, (domain, key): &Place) {
        let hash = self.seed.address(*domain, key);
        kept.by_address.take(hash, |other| other == number);
    }

    /// A slot that no link has; none where there can be no more links.
    fn free_slot(&self, kept: &mut Kept, view: &mut Arc<View>) -> Option<u32> {
        if let Some(number) = kept.free.pop() {
            return Some(number);
        }
        if kept.slots == index::LAST_SLOT {
            tracing::error!("no further link can be redirected: the table has no more slots");
            return None;
        }
        kept.slots += 1;
        if view.slot(kept.slots).is_none() {
            let mut pages = view.pages.clone();
            pages.push((0..PAGE).map(|_| Slot::default()).collect());
            *view = self.show(kept, pages);
        }
        Some(kept.slots)
    }

    /// Shows readers what is there by now.
    fn show(&self, kept: &Kept, pages: Vec<Arc<[Slot]>>) -> Arc<View> {
        let view = Arc::new(View { entries: Arc::clone(kept.by_address.entries()), pages });
        self.view.store(Arc::clone(&view));
        view
    }

    /// Lets a record go, and moves what is in use out of chunks of which too much is not.
    fn release(&self, kept: &mut Kept, view: &View, at: At) {
        kept.arena.release(at);
        while let Some(chunk) = kept.arena.wasteful() {
            for at in kept.arena.places(chunk) {
                let Some(record) = kept.arena.record(at).map(<[u8]>::to_vec) else { continue };
                let number = record::link(&record)
                    .and_then(|link| kept.slot_of(view, self.seed.link(link), link));
                let slot = number.and_then(|number| view.slot(number));
                if let Some(slot) = slot.filter(|slot| slot.at() == Some(at)) {
                    slot.at.store(kept.arena.append(&record).word(), Ordering::Release);
                }
            }
            kept.arena.drop_chunk(chunk);
        }
    }
}
