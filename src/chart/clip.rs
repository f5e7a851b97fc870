//! Rectangles, and the part of a shape that lies within one.

pub type Point = (f64, f64);

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rect {
    pub left: f64,
    pub top: f64,
    pub right: f64,
    pub bottom: f64,
}

impl Rect {
    pub fn width(&self) -> f64 {
        self.right - self.left
    }

    pub fn height(&self) -> f64 {
        self.bottom - self.top
    }

    pub fn contains(&self, (x, y): Point) -> bool {
        x >= self.left && x <= self.right && y >= self.top && y <= self.bottom
    }

    pub fn overlaps(&self, other: &Rect) -> bool {
        self.left < other.right
            && other.left < self.right
            && self.top < other.bottom
            && other.top < self.bottom
    }

    /// Grown by `by` on all sides.
    pub fn grow(&self, by: f64) -> Rect {
        Rect {
            left: self.left - by,
            top: self.top - by,
            right: self.right + by,
            bottom: self.bottom + by,
        }
    }

    /// The rectangle between two corners, in any order.
    pub fn between(a: Point, b: Point) -> Rect {
        Rect {
            left: a.0.min(b.0),
            top: a.1.min(b.1),
            right: a.0.max(b.0),
            bottom: a.1.max(b.1),
        }
    }

    /// What both share, if anything.
    pub fn shared(&self, other: &Rect) -> Option<Rect> {
        let r = Rect {
            left: self.left.max(other.left),
            top: self.top.max(other.top),
            right: self.right.min(other.right),
            bottom: self.bottom.min(other.bottom),
        };
        (r.left <= r.right && r.top <= r.bottom).then_some(r)
    }
}

/// The pieces of a line that lie within `rect`; a NaN starts a new piece.
pub fn clip_line(points: impl IntoIterator<Item = Point>, rect: &Rect) -> Vec<Vec<Point>> {
    let mut pieces: Vec<Vec<Point>> = Vec::new();
    let mut previous: Option<Point> = None;
    for point in points {
        if !point.0.is_finite() || !point.1.is_finite() {
            previous = None;
            continue;
        }
        if let Some((a, b)) = previous.and_then(|p| clip_segment(p, point, rect)) {
            match pieces.last_mut() {
                Some(piece) if piece.last() == Some(&a) && previous == Some(a) => piece.push(b),
                _ => pieces.push(vec![a, b]),
            }
        }
        previous = Some(point);
    }
    pieces
}

/// Liang–Barsky: the part of a segment within `rect`.
fn clip_segment(a: Point, b: Point, rect: &Rect) -> Option<(Point, Point)> {
    let (dx, dy) = (b.0 - a.0, b.1 - a.1);
    let (mut enter, mut leave) = (0.0_f64, 1.0_f64);
    for (p, q) in [
        (-dx, a.0 - rect.left),
        (dx, rect.right - a.0),
        (-dy, a.1 - rect.top),
        (dy, rect.bottom - a.1),
    ] {
        if p == 0.0 {
            if q < 0.0 {
                return None;
            }
        } else if p < 0.0 {
            enter = enter.max(q / p);
        } else {
            leave = leave.min(q / p);
        }
    }
    let at = |t: f64| (a.0 + t * dx, a.1 + t * dy);
    (enter <= leave).then(|| {
        (
            if enter > 0.0 { at(enter) } else { a },
            if leave < 1.0 { at(leave) } else { b },
        )
    })
}

/// Sutherland–Hodgman: the part of a polygon within `rect`, empty when there is none.
pub fn clip_polygon(polygon: Vec<Point>, rect: &Rect) -> Vec<Point> {
    type Depth = fn(&Rect, Point) -> f64;
    let edges: [Depth; 4] = [
        |r, p| p.0 - r.left,
        |r, p| r.right - p.0,
        |r, p| p.1 - r.top,
        |r, p| r.bottom - p.1,
    ];
    edges.iter().fold(polygon, |corners, depth| {
        let mut kept = Vec::with_capacity(corners.len() + 4);
        for (i, &b) in corners.iter().enumerate() {
            let a = corners[(i + corners.len() - 1) % corners.len()];
            let (da, db) = (depth(rect, a), depth(rect, b));
            if (da < 0.0) != (db < 0.0) {
                let t = da / (da - db);
                kept.push((a.0 + t * (b.0 - a.0), a.1 + t * (b.1 - a.1)));
            }
            if db >= 0.0 {
                kept.push(b);
            }
        }
        kept
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOX: Rect = Rect {
        left: 0.0,
        top: 0.0,
        right: 10.0,
        bottom: 10.0,
    };

    fn check(points: &[Point], expected: &[&[Point]]) {
        assert_eq!(
            clip_line(points.iter().copied(), &BOX),
            expected,
            "{points:?}"
        );
    }

    #[test]
    fn lines_are_cut_at_the_edges() {
        check(
            &[(1.0, 1.0), (2.0, 5.0), (9.0, 9.0)],
            &[&[(1.0, 1.0), (2.0, 5.0), (9.0, 9.0)]],
        );
        check(
            &[(-5.0, 5.0), (5.0, 5.0), (15.0, 5.0)],
            &[&[(0.0, 5.0), (5.0, 5.0), (10.0, 5.0)]],
        );
        check(
            &[(1.0, 1.0), (f64::NAN, 2.0), (3.0, 3.0), (4.0, 4.0)],
            &[&[(3.0, 3.0), (4.0, 4.0)]],
        );
        check(
            &[(5.0, 5.0), (5.0, 15.0), (6.0, 15.0), (6.0, 5.0)],
            &[&[(5.0, 5.0), (5.0, 10.0)], &[(6.0, 10.0), (6.0, 5.0)]],
        );
        check(&[(-1.0, -1.0), (-2.0, 20.0)], &[]);
        check(&[(3.0, 3.0)], &[]);
    }

    #[test]
    fn polygons_are_cut_at_the_edges() {
        let cut = clip_polygon(vec![(-5.0, 2.0), (5.0, 2.0), (5.0, 4.0), (-5.0, 4.0)], &BOX);
        assert_eq!(cut, [(0.0, 2.0), (5.0, 2.0), (5.0, 4.0), (0.0, 4.0)]);
        assert!(clip_polygon(vec![(-5.0, 2.0), (-1.0, 2.0), (-1.0, 4.0)], &BOX).is_empty());
    }
}
