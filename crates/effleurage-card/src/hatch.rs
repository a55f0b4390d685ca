//! Parallel lines across a shape, cut at its edge.

use super::shape::{Outline, Point, Segment, at};

/// The direction of the lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hatch {
    /// From side to side.
    Level,
    /// Up to the right.
    Rising,
    /// Down to the right.
    Falling,
    /// Up and down to the right.
    Crossed,
    /// Straight up.
    Upright,
    /// From side to side and straight up.
    Square,
    /// No lines.
    None,
}

impl Hatch {
    /// The lines across `shape`, `apart` from one another.
    pub fn across(self, shape: &Outline, apart: f32) -> Vec<Outline> {
        const EIGHTH: f32 = std::f32::consts::FRAC_PI_4;
        const QUARTER: f32 = std::f32::consts::FRAC_PI_2;
        match self {
            Hatch::Level => lines(shape, apart, 0.0),
            Hatch::Rising => lines(shape, apart, EIGHTH),
            Hatch::Falling => lines(shape, apart, -EIGHTH),
            Hatch::Upright => lines(shape, apart, QUARTER),
            Hatch::Square => [lines(shape, apart, 0.0), lines(shape, apart, QUARTER)].concat(),
            Hatch::None => Vec::new(),
            Hatch::Crossed => [lines(shape, apart, EIGHTH), lines(shape, apart, -EIGHTH)].concat(),
        }
    }
}

/// Lines at `angle`: level lines across the turned shape, turned back.
fn lines(shape: &Outline, apart: f32, angle: f32) -> Vec<Outline> {
    let turn = |p: Point, by: f32| {
        let (sin, cos) = by.sin_cos();
        at(p.x * cos - p.y * sin, p.x * sin + p.y * cos)
    };
    let corners: Vec<Point> = flat(shape).into_iter().map(|p| turn(p, angle)).collect();
    let top = corners.iter().map(|p| p.y).fold(f32::MAX, f32::min);
    let bottom = corners.iter().map(|p| p.y).fold(f32::MIN, f32::max);
    let count = ((bottom - top) / apart).max(0.0) as usize;
    let levels = (0..=count).map(|n| top + (n as f32 + 0.5) * apart);
    let line = |(from, to): (Point, Point)| Outline::line(turn(from, -angle), turn(to, -angle));
    levels.flat_map(|y| inside(&corners, y)).map(line).collect()
}

/// Where the level line at `y` runs inside the shape.
fn inside(corners: &[Point], y: f32) -> Vec<(Point, Point)> {
    let sides = corners.iter().zip(corners.iter().cycle().skip(1));
    let crossings = sides.filter(|(a, b)| (a.y <= y) != (b.y <= y));
    let mut xs: Vec<f32> =
        crossings.map(|(a, b)| a.x + (y - a.y) / (b.y - a.y) * (b.x - a.x)).collect();
    xs.sort_by(f32::total_cmp);
    xs.chunks_exact(2).map(|pair| (at(pair[0], y), at(pair[1], y))).collect()
}

/// The shape with short straight sides.
fn flat(shape: &Outline) -> Vec<Point> {
    const STEPS: u8 = 12;
    let mut points: Vec<Point> = Vec::new();
    for segment in &shape.0 {
        match *segment {
            Segment::Move(to) | Segment::Line(to) => points.push(to),
            Segment::Curve(a, b, to) => {
                let from = points.last().copied().unwrap_or(to);
                points.extend(
                    (1..=STEPS)
                        .map(|n| on_curve([from, a, b, to], f32::from(n) / f32::from(STEPS))),
                );
            }
            Segment::Close => {}
        }
    }
    points
}

fn on_curve([from, a, b, to]: [Point; 4], t: f32) -> Point {
    let s = 1.0 - t;
    let mix = |p: [f32; 4]| {
        s * s * s * p[0] + 3.0 * s * s * t * p[1] + 3.0 * s * t * t * p[2] + t * t * t * p[3]
    };
    at(mix([from.x, a.x, b.x, to.x]), mix([from.y, a.y, b.y, to.y]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_at_the_edge() {
        let square =
            Outline::polygon(&[at(0.0, 0.0), at(10.0, 0.0), at(10.0, 10.0), at(0.0, 10.0)]);
        let level = Hatch::Level.across(&square, 4.0);
        let expected = [2.0, 6.0].map(|y| Outline::line(at(0.0, y), at(10.0, y)));
        assert_eq!(level, expected);
        for line in Hatch::Crossed.across(&square, 3.0) {
            for segment in line.0 {
                let (Segment::Move(p) | Segment::Line(p)) = segment else { panic!() };
                assert!((-0.01..=10.01).contains(&p.x) && (-0.01..=10.01).contains(&p.y), "{p:?}");
            }
        }
    }
}
