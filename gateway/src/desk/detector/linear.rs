//! A linear support vector machine: one weight per feature, learnt from examples.

use std::collections::HashMap;
use std::hash::Hash;

/// Times that the examples are gone through.
const ROUNDS: usize = 60;
/// What a wrong example costs, against the size of the weights.
const COST: f64 = 1.0;

/// Weights of features. The same examples in the same order give the same weights, on every machine: only sums, products,
/// quotients and square roots are taken.
#[derive(Debug)]
pub struct Linear<F> {
    weights: HashMap<F, f64>,
}

/// One example: its features by number, whether it is of the class, and how much it has pulled so far.
struct Example {
    features: Vec<usize>,
    sign: f64,
    pull: f64,
}

impl<F: Eq + Hash> Linear<F> {
    /// Learns from examples: their features, each once, and whether they are of the class.
    ///
    /// Dual coordinate descent for the squared hinge loss: Hsieh, Chang, Lin, Keerthi, Sundararajan, "A Dual Coordinate Descent
    /// Method for Large-scale Linear SVM" (ICML 2008), algorithm 1. Examples are scaled to length one.
    pub fn learn(examples: impl IntoIterator<Item = (Vec<F>, bool)>) -> Self {
        let mut numbers: HashMap<F, usize> = HashMap::new();
        let mut number = |feature| {
            let next = numbers.len();
            *numbers.entry(feature).or_insert(next)
        };
        let mut examples: Vec<Example> = examples
            .into_iter()
            .map(|(features, of_class)| Example {
                features: features.into_iter().map(&mut number).collect(),
                sign: if of_class { 1.0 } else { -1.0 },
                pull: 0.0,
            })
            .collect();
        let mut weights = vec![0.0; numbers.len()];
        for _ in 0..ROUNDS {
            examples.iter_mut().for_each(|example| descend(&mut weights, example));
        }
        Self { weights: numbers.into_iter().map(|(feature, number)| (feature, weights[number])).collect() }
    }

    /// How surely something with these features, each once, is of the class: above zero it rather is.
    pub fn score(&self, features: &[F]) -> f64 {
        features.iter().filter_map(|feature| self.weights.get(feature)).sum::<f64>() * scale(features.len())
    }
}

/// One step: the pull of one example, as the others leave it.
fn descend(weights: &mut [f64], example: &mut Example) {
    let scale = scale(example.features.len());
    let slack = 0.5 / COST;
    let score: f64 = example.features.iter().map(|feature| weights[*feature]).sum::<f64>() * scale;
    let gradient = example.sign * score - 1.0 + slack * example.pull;
    let pull = (example.pull - gradient / (1.0 + slack)).max(0.0);
    let step = (pull - example.pull) * example.sign * scale;
    example.pull = pull;
    example.features.iter().for_each(|feature| weights[*feature] += step);
}

/// What makes a vector of so many ones as long as one.
#[expect(clippy::cast_precision_loss, reason = "a message has few features")]
fn scale(ones: usize) -> f64 {
    1.0 / (ones.max(1) as f64).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_tells_the_classes_apart_gets_the_weight() {
        let examples = [(vec!["a", "x"], true), (vec!["a", "y"], true), (vec!["b", "x"], false), (vec!["b", "y"], false)];
        let model = Linear::learn(examples);
        assert!(model.score(&["a"]) > 0.5);
        assert!(model.score(&["b"]) < -0.5);
        assert!(model.score(&["x"]).abs() < 0.2);
        assert!(model.score(&["never seen"]).abs() < f64::EPSILON);
    }
}
