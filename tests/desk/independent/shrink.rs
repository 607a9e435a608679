//! Makes a history that shows a difference shorter, as long as it still shows one.

use super::act::{Act, End, Issue, Want};
use super::catalog::Catalog;
use super::compare::run;

/// A catalog and acts at which model and desk differ, and how.
#[derive(Debug, Clone)]
pub struct Difference {
    pub catalog: Catalog,
    pub acts: Vec<Act>,
    pub text: String,
}

pub fn difference(catalog: &Catalog, acts: &[Act]) -> Option<Difference> {
    let (at, text) = run(catalog, acts).err()?;
    Some(Difference { catalog: catalog.clone(), acts: acts[..=at].to_vec(), text })
}

impl Difference {
    /// The shortest history that can be found by leaving something out, and with the smallest numbers.
    pub fn shrunk(mut self) -> Self {
        while let Some(simpler) = self.simpler() {
            self = simpler;
        }
        self
    }

    fn simpler(&self) -> Option<Self> {
        let without = (0..self.acts.len()).rev().find_map(|at| {
            let mut acts = self.acts.clone();
            acts.remove(at);
            difference(&self.catalog, &acts)
        });
        without.or_else(|| self.smaller_act()).or_else(|| {
            let catalogs = smaller_catalogs(&self.catalog);
            catalogs.iter().find_map(|catalog| difference(catalog, &self.acts))
        })
    }

    fn smaller_act(&self) -> Option<Self> {
        (0..self.acts.len()).rev().find_map(|at| {
            smaller(&self.acts[at]).into_iter().find_map(|act| {
                let mut acts = self.acts.clone();
                acts[at] = act;
                difference(&self.catalog, &acts)
            })
        })
    }

    /// The history in the words of the rules.
    pub fn told(&self, seed: u64) -> String {
        let acts: Vec<_> = self.acts.iter().map(ToString::to_string).collect();
        let text = self.text.replace('\n', "\n  ");
        format!("seed {seed}\n\n{}\n{}\n  {text}\n", self.catalog.toml(), acts.join("\n"))
    }
}

/// The same act with one thing less.
fn smaller(act: &Act) -> Vec<Act> {
    let mut all = Vec::new();
    match act {
        Act::Order { code, product, lines, term, overdraft } => {
            let with = |lines, term, overdraft| Act::Order {
                code: *code,
                product: product.clone(),
                lines,
                term,
                overdraft,
            };
            for (article, many) in lines {
                let mut fewer = lines.clone();
                fewer.remove(article);
                if !fewer.is_empty() {
                    all.push(with(fewer, *term, *overdraft));
                }
                for less in smaller_number(*many) {
                    let mut fewer = lines.clone();
                    fewer.insert(article.clone(), less);
                    all.push(with(fewer, *term, *overdraft));
                }
            }
            let mut simple = *term;
            if simple.from.take().is_some() {
                all.push(with(lines.clone(), simple, *overdraft));
            }
            if term.end != End::Permanent {
                simple.end = End::Permanent;
                all.push(with(lines.clone(), simple, *overdraft));
            }
            if *overdraft > 0 {
                all.push(with(lines.clone(), *term, 0));
            }
        }
        Act::Pass { from, to, lines } => {
            for article in lines.keys().filter(|_| lines.len() > 1) {
                let mut fewer = lines.clone();
                fewer.remove(article);
                all.push(Act::Pass { from: *from, to: *to, lines: fewer });
            }
        }
        Act::Issue(issue) => all.extend(smaller_issue(issue).into_iter().map(Act::Issue)),
        Act::List(lines) => {
            for at in 0..lines.len() {
                let mut fewer = lines.clone();
                fewer.remove(at);
                if !fewer.is_empty() {
                    all.push(Act::List(fewer));
                }
                for line in smaller_issue(&lines[at]) {
                    let mut fewer = lines.clone();
                    fewer[at] = line;
                    all.push(Act::List(fewer));
                }
            }
        }
        _ => {}
    }
    all
}

fn smaller_number(many: u64) -> Vec<u64> {
    let mut all = vec![1, many / 2, many.saturating_sub(1)];
    all.retain(|less| *less > 0 && *less < many);
    all
}

fn smaller_issue(issue: &Issue) -> Vec<Issue> {
    let mut all = Vec::new();
    for at in 0..issue.codes.len() {
        let mut fewer = issue.clone();
        fewer.codes.remove(at);
        if !fewer.codes.is_empty() {
            all.push(fewer);
        }
    }
    if let Want::These(these) = &issue.want {
        for at in 0..these.len() {
            let mut fewer = these.clone();
            fewer.remove(at);
            if !fewer.is_empty() {
                all.push(Issue { want: Want::These(fewer), ..issue.clone() });
            }
            for less in these[at].1.map(smaller_number).unwrap_or_default() {
                let mut fewer = these.clone();
                fewer[at].1 = Some(less);
                all.push(Issue { want: Want::These(fewer), ..issue.clone() });
            }
        }
    }
    if issue.overdraft {
        all.push(Issue { overdraft: false, ..issue.clone() });
    }
    if issue.corrects {
        all.push(Issue { corrects: false, ..issue.clone() });
    }
    all
}

/// The same catalog with one rule less.
fn smaller_catalogs(catalog: &Catalog) -> Vec<Catalog> {
    let mut all = Vec::new();
    for product in 0..catalog.0.len() {
        let mut with = |change: &dyn Fn(&mut super::catalog::Product)| {
            let mut simple = catalog.clone();
            change(&mut simple.0[product]);
            if simple != *catalog {
                all.push(simple);
            }
        };
        with(&|it| it.grace_days = 0);
        with(&|it| it.trial = None);
        for at in 0..catalog.0[product].features.len() {
            with(&|it| it.features[at].maximum = None);
            with(&|it| it.features[at].models.clear());
            with(&|it| it.features[at].free_on.clear());
            with(&|it| it.features[at].requires.clear());
            with(&|it| it.features[at].bounded_by = None);
            with(&|it| it.features[at].not_twice = false);
            let name = &catalog.0[product].features[at].name;
            let needed = catalog.0[product]
                .features
                .iter()
                .any(|other| other.requires.contains(name) || other.bounded_by.as_ref() == Some(name));
            if !needed && catalog.0[product].features.len() > 1 && catalog.0[product].trial.is_none() {
                with(&|it| drop(it.features.remove(at)));
            }
        }
    }
    all
}
