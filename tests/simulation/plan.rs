//! What happens in a run: made from the seed before it begins, so that it can be printed and played again.

use crate::network::Way;
use std::fmt;
use tripchat_runtime::Sources;
use tripchat_server::moments::Moment;

/// The most devices in a run.
const DEVICES: usize = 6;
/// A flood is over by then, in milliseconds.
const FLOOD: u64 = 150_000;

/// One thing that happens.
#[derive(Debug, Clone, Copy)]
pub enum Act {
    // What people do.
    Write {
        device: usize,
        room: usize,
    },
    Edit {
        device: usize,
        nth: u64,
    },
    Delete {
        device: usize,
        nth: u64,
    },
    See {
        device: usize,
        room: usize,
    },
    Look {
        device: usize,
        room: usize,
    },
    Favourite {
        device: usize,
        room: usize,
        on: bool,
    },
    Draft {
        device: usize,
        room: usize,
    },
    Type {
        device: usize,
        room: usize,
    },
    Leave {
        person: usize,
        room: usize,
        /// By the driver.
        removed: bool,
    },
    Join {
        person: usize,
        room: usize,
    },
    Wake {
        device: usize,
    },
    SignOut {
        device: usize,
    },
    SignIn {
        device: usize,
    },
    /// Very many messages, or changes of them, at once.
    Flood {
        room: usize,
        changes: bool,
    },
    // What happens to them.
    Cut {
        device: usize,
        on: bool,
    },
    Hold {
        device: usize,
        way: Way,
        on: bool,
    },
    Stall {
        device: usize,
        on: bool,
    },
    /// The next message is stored, and the road is cut before the device hears of it.
    LoseAnswer {
        device: usize,
        on: bool,
    },
    Die {
        device: usize,
    },
    Delay {
        device: usize,
        on: bool,
    },
    Slow {
        device: usize,
        on: bool,
    },
    Crash {
        device: usize,
    },
    Start {
        device: usize,
    },
    KillServer {
        silently: bool,
    },
    DoomServer {
        moment: Moment,
        commits: u64,
    },
    StartServer,
    LoseHints {
        of_100: u64,
    },
}

/// Who is there, and what happens when, in milliseconds from the beginning.
pub struct Plan {
    pub seed: u64,
    pub people: usize,
    /// Whose each device is.
    pub devices: Vec<usize>,
    /// How far each device's clock is off, in milliseconds.
    pub skews: Vec<i64>,
    pub rooms: usize,
    pub acts: Vec<(u64, Act)>,
}

/// Draws from the seed.
struct Dice(Sources);

impl Dice {
    fn below(&self, bound: usize) -> usize {
        self.0.below(bound as u64) as usize
    }

    fn chance(&self, of_100: u64) -> bool {
        self.0.below(100) < of_100
    }

    fn between(&self, least: u64, most: u64) -> u64 {
        least + self.0.below(most - least)
    }
}

impl Plan {
    /// The plan that `seed` names.
    pub fn of(seed: u64, sources: Sources) -> Self {
        let dice = Dice(sources);
        let people = 2 + dice.below(3);
        let mut devices: Vec<usize> = Vec::new();
        for person in 0..people {
            // Everybody has one, and six are enough.
            let left = DEVICES - devices.len() - (people - person - 1);
            devices.extend(std::iter::repeat_n(person, 1 + dice.below(left.min(3))));
        }
        let skew = |()| match dice.below(4) {
            0 => 3_600_000,
            1 => -3_600_000,
            _ => dice.below(2_000) as i64 - 1_000,
        };
        let skews = devices.iter().map(|_| skew(())).collect();
        let rooms = 1 + dice.below(2);
        let mut plan = Self { seed, people, devices, skews, rooms, acts: Vec::new() };
        // Some runs are long enough for tokens to be renewed and to expire.
        let length = [20_000, 20_000, 60_000, 400_000][dice.below(4)];
        plan.live(&dice, length);
        plan.disturb(&dice, length);
        if dice.chance(4) {
            plan.flood(&dice, length);
        }
        if dice.chance(25) {
            let (device, at) = (dice.below(plan.devices.len()), dice.0.below(length));
            plan.acts.push((at, Act::SignOut { device }));
            plan.acts.push((at + dice.between(1, 8_000), Act::SignIn { device }));
        }
        plan.acts.sort_by_key(|(at, _)| *at);
        plan
    }

    fn live(&mut self, dice: &Dice, length: u64) {
        let hurry = dice.chance(50);
        for _ in 0..30 + dice.below(50) {
            let (device, room) = (dice.below(self.devices.len()), dice.below(self.rooms));
            let nth = dice.0.below(1 << 20);
            let act = match dice.below(24) {
                0..10 => Act::Write { device, room },
                10..13 => Act::Edit { device, nth },
                13 => Act::Delete { device, nth },
                14..17 => Act::See { device, room },
                17 => Act::Look { device, room },
                18 => Act::Favourite { device, room, on: dice.chance(50) },
                19 => Act::Draft { device, room },
                20 => Act::Type { device, room },
                21 => Act::Wake { device },
                _ => {
                    // The driver stays.
                    let person = 1 + dice.below(self.people - 1);
                    let removed = dice.chance(30);
                    if dice.chance(50) {
                        Act::Leave { person, room, removed }
                    } else {
                        Act::Join { person, room }
                    }
                }
            };
            // In a hurry many things happen at once.
            let at = if hurry { dice.0.below(length / 500) * 500 } else { dice.0.below(length) };
            self.acts.push((at, act));
            if let (Act::Write { .. }, true) = (act, dice.chance(20)) {
                self.acts.extend((0..dice.below(8)).map(|_| (at, act)));
            }
        }
    }

    fn disturb(&mut self, dice: &Dice, length: u64) {
        for _ in 0..dice.below(14) {
            self.disturb_once(dice, length);
        }
    }

    fn disturb_once(&mut self, dice: &Dice, length: u64) {
        let device = dice.below(self.devices.len());
        let at = dice.0.below(length);
        let long = if dice.chance(50) { 50_000 } else { 8_000 };
        let until = at + dice.between(1, long);
        let way = if dice.chance(50) { Way::Up } else { Way::Down };
        let (on, off) = match dice.below(22) {
            0 | 1 => (Act::Cut { device, on: true }, Some(Act::Cut { device, on: false })),
            2 | 3 => (Act::Hold { device, way, on: true }, Some(Act::Hold { device, way, on: false })),
            4 => (Act::Die { device }, None),
            5 => (Act::Delay { device, on: true }, Some(Act::Delay { device, on: false })),
            6 => (Act::Slow { device, on: true }, Some(Act::Slow { device, on: false })),
            7 | 8 => (Act::Crash { device }, Some(Act::Start { device })),
            9 => (Act::KillServer { silently: dice.chance(30) }, Some(Act::StartServer)),
            10 => {
                let moments = [Moment::Before, Moment::Ran, Moment::Committed, Moment::Published];
                let moment = moments[dice.below(4)];
                let doom = Act::DoomServer { moment, commits: dice.between(1, 5) };
                (doom, Some(Act::StartServer))
            }
            11 => {
                let of_100 = [20, 60, 100][dice.below(3)];
                (Act::LoseHints { of_100 }, Some(Act::LoseHints { of_100: 0 }))
            }
            12 | 13 => (Act::Stall { device, on: true }, Some(Act::Stall { device, on: false })),
            14..17 => (Act::LoseAnswer { device, on: true }, Some(Act::LoseAnswer { device, on: false })),
            17 | 18 => return self.removed_meanwhile(dice, device, at),
            19 | 20 => return self.changed_mind(dice, device, at),
            _ => (Act::SignOut { device }, Some(Act::SignIn { device })),
        };
        self.acts.push((at, on));
        self.acts.extend(off.map(|off| (until, off)));
        self.meanwhile(dice, device, (at, until));
    }

    /// A message is stored, its answer lost, and its writer removed before they can ask again.
    fn removed_meanwhile(&mut self, dice: &Dice, device: usize, at: u64) {
        let (room, person) = (dice.below(self.rooms), self.devices[device]);
        self.acts.push((at, Act::LoseAnswer { device, on: true }));
        self.acts.push((at + 1, Act::Write { device, room }));
        if person > 0 {
            self.acts.push((at + dice.between(100, 1_000), Act::Leave { person, room, removed: true }));
        }
        self.acts.push((at + dice.between(2_000, 9_000), Act::LoseAnswer { device, on: false }));
    }

    /// What was wanted first arrives last: on a connection that was given up meanwhile.
    fn changed_mind(&mut self, dice: &Dice, device: usize, at: u64) {
        let room = dice.below(self.rooms);
        let first = self.devices.iter().position(|person| *person == self.devices[device]).unwrap_or(device);
        self.acts.push((at, Act::Stall { device: first, on: true }));
        self.acts.push((at + 1, Act::Favourite { device, room, on: true }));
        self.acts.push((at + dice.between(14_000, 20_000), Act::Favourite { device, room, on: false }));
        self.acts.push((at + dice.between(21_000, 40_000), Act::Stall { device: first, on: false }));
    }

    /// What one does just before something goes wrong, and while it does, is what may be lost or done twice.
    fn meanwhile(&mut self, dice: &Dice, device: usize, (from, until): (u64, u64)) {
        let (room, person) = (dice.below(self.rooms), self.devices[device]);
        for _ in 0..dice.below(5) {
            let at = if dice.chance(60) {
                (from + 30).saturating_sub(dice.0.below(60))
            } else {
                from + dice.0.below((until - from).min(12_000))
            };
            let act = match dice.below(8) {
                0 => Act::See { device, room },
                1 => Act::Edit { device, nth: dice.0.below(1 << 20) },
                2 => Act::Favourite { device, room, on: dice.chance(50) },
                3 if person > 0 => Act::Leave { person, room, removed: dice.chance(70) },
                _ => Act::Write { device, room },
            };
            self.acts.push((at, act));
        }
    }

    /// Somebody is away while very much happens.
    fn flood(&mut self, dice: &Dice, length: u64) {
        let device = dice.below(self.devices.len());
        let room = dice.below(self.rooms);
        let changes = dice.chance(40);
        let mut at = length + 1_000;
        if changes {
            self.acts.push((at, Act::Flood { room, changes: false }));
            at += FLOOD;
        }
        self.acts.push((at - 1, Act::Crash { device }));
        self.acts.push((at, Act::Flood { room, changes }));
        // What was there before changes meanwhile, too.
        for _ in 0..3 {
            let by = dice.below(self.devices.len());
            let (edit, delete) = (Act::Edit { device: by, nth: 0 }, Act::Delete { device: by, nth: 0 });
            self.acts.push((at - 900, Act::Write { device: by, room }));
            self.acts.push((at - 1, if dice.chance(70) { edit } else { delete }));
        }
        self.acts.push((at + FLOOD, Act::Start { device }));
    }
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "seed {}: {} people, devices of {:?}, clocks off by {:?} ms, {} rooms",
            self.seed, self.people, self.devices, self.skews, self.rooms
        )?;
        for (at, act) in &self.acts {
            writeln!(f, "{at:>8} ms  {act:?}")?;
        }
        Ok(())
    }
}
