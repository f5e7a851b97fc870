//! Charts of every mark and of the edges: the gallery that tests draw and people look at.

use jari::msg;
use jari::report::{Along, Axis, Chart, Format, Mark, Msg, Scale, Tone, points_or_density};
use rand_core::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

/// Numbers that look random and are the same in each run.
pub struct Noise(Xoshiro256PlusPlus);

impl Noise {
    pub fn new(seed: u64) -> Self {
        Self(Xoshiro256PlusPlus::seed_from_u64(seed))
    }

    pub fn uniform(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 / (1u64 << 53) as f64
    }

    pub fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.uniform()).sum::<f64>() - 6.0
    }

    pub fn normals(&mut self, n: usize, mean: f64, sd: f64) -> Vec<f64> {
        (0..n).map(|_| mean + sd * self.normal()).collect()
    }
}

pub fn all() -> Vec<Chart> {
    vec![
        scatter(),
        scatter_ko(),
        histogram(),
        two_histograms(),
        lying_bars(),
        lying_bars_ko(),
        standing_bars(),
        long_names(),
        many_categories(),
        many_standing(),
        negative_bars(),
        grouped_bars(),
        bars_with_whiskers(),
        stacked_areas(),
        boxes_and_violins(),
        bubbles(),
        lines_over_time(),
        elbow(),
        band_and_line(),
        qq(),
        forest(),
        standing_intervals(),
        hours(),
        log_log(),
        log_with_zeros(),
        dense(),
        dense_series(),
        thousands(),
        rules(),
        nothing(),
        all_missing(),
        one_point(),
        constant(),
        tiny(),
        huge(),
        hostile(),
    ]
}

fn v(text: &str) -> Msg {
    Msg::verbatim(text)
}

fn names(list: &[&str]) -> Vec<Msg> {
    list.iter().map(|n| v(n)).collect()
}

fn points(x: Vec<f64>, y: Vec<f64>, series: u16) -> Mark {
    Mark::Points {
        x,
        y,
        tone: Tone::Series(series),
        names: Vec::new(),
    }
}

fn clusters(noise: &mut Noise) -> Vec<Mark> {
    [(190.0, 3700.0), (196.0, 3730.0), (217.0, 5070.0)]
        .iter()
        .enumerate()
        .map(|(s, &(fx, m))| {
            let z = noise.normals(110, 0.0, 1.0);
            let x = z.iter().map(|z| (fx + 6.5 * z).round()).collect();
            let y = z
                .iter()
                .map(|z| ((m + 300.0 * z + 260.0 * noise.normal()) / 25.0).round() * 25.0)
                .collect();
            points(x, y, s as u16)
        })
        .collect()
}

pub fn scatter() -> Chart {
    Chart::new(
        "scatter",
        v("Gentoo penguins are heavier and have longer flippers"),
        Axis::linear(v("Flipper length (mm)")),
        Axis::linear(v("Body mass (g)")),
    )
    .series(names(&["Adélie", "Chinstrap", "Gentoo"]))
    .marks(clusters(&mut Noise::new(1)))
}

fn scatter_ko() -> Chart {
    Chart::new(
        "scatter_ko",
        v("군집 3은 날개가 길고 몸무게가 무겁습니다"),
        Axis::linear(v("날개 길이 (mm)")),
        Axis::linear(v("몸무게 (g)")),
    )
    .series(names(&["군집 1", "군집 2", "군집 3"]))
    .marks(clusters(&mut Noise::new(1)))
    .mark(Mark::Points {
        x: vec![190.0, 196.0, 217.0],
        y: vec![3700.0, 3730.0, 5070.0],
        tone: Tone::Accent,
        names: vec!["1".into(), "2".into(), "3".into()],
    })
    .caption(v("붉은 점은 군집의 중심입니다."))
}

fn counts(values: &[f64], low: f64, step: f64, bins: usize) -> (Vec<f64>, Vec<f64>) {
    let edges = (0..=bins).map(|i| low + step * i as f64).collect();
    let mut counts = vec![0.0; bins];
    for v in values {
        let bin = ((v - low) / step).floor();
        if bin >= 0.0 && bin < bins as f64 {
            counts[bin as usize] += 1.0;
        }
    }
    (edges, counts)
}

fn histogram() -> Chart {
    let (edges, n) = counts(&Noise::new(2).normals(3000, 43.9, 5.4), 28.0, 1.0, 32);
    Chart::new(
        "histogram",
        v("Distribution of bill length"),
        Axis::linear(v("Bill length (mm)")),
        Axis::linear(v("Penguins")).format(Format::Integer),
    )
    .mark(Mark::histogram(&edges, &n, Tone::Series(0)))
    .mark(Mark::Rule {
        across: Along::X,
        value: 43.9,
        label: Some(v("mean 43.9")),
    })
}

fn two_histograms() -> Chart {
    let mut noise = Noise::new(3);
    let (edges, a) = counts(
        &noise.normals(800, 52_000.0, 9_000.0),
        20_000.0,
        4_000.0,
        20,
    );
    let (_, b) = counts(
        &noise.normals(700, 64_000.0, 11_000.0),
        20_000.0,
        4_000.0,
        20,
    );
    Chart::new(
        "two_histograms",
        v("처치군의 주문 금액이 더 큽니다"),
        Axis::linear(v("주문 금액 (원)")),
        Axis::linear(v("고객 수")).format(Format::Integer),
    )
    .series(names(&["대조군", "처치군"]))
    .mark(Mark::histogram(&edges, &a, Tone::Series(0)))
    .mark(Mark::histogram(&edges, &b, Tone::Series(1)))
}

fn lying_bars() -> Chart {
    let groups = [
        "Coffee and tea",
        "Fresh fruit",
        "Breakfast cereals with no added sugar",
        "Bread",
        "Household cleaning and laundry",
        "Wine",
        "Pet food",
    ];
    Chart::new(
        "lying_bars",
        v("Coffee and tea bring in a quarter of all revenue"),
        Axis::linear(v("Share of revenue")).format(Format::Percent(1)),
        Axis::category(v(""), names(&groups)),
    )
    .mark(Mark::category_bars(
        Along::Y,
        &[0.254, 0.187, 0.143, 0.121, 0.088, 0.052, 0.031],
        Tone::Series(0),
    ))
}

fn lying_bars_ko() -> Chart {
    let groups = [
        "서울특별시",
        "경기도",
        "부산광역시",
        "대구광역시",
        "인천광역시",
        "제주특별자치도",
    ];
    Chart::new(
        "lying_bars_ko",
        v("지역별 매출: 서울과 경기가 절반을 넘습니다"),
        Axis::linear(v("매출 (원)")).format(Format::Integer),
        Axis::category(v(""), names(&groups)),
    )
    .mark(Mark::category_bars(
        Along::Y,
        &[
            128_400_000.0,
            97_300_000.0,
            41_200_000.0,
            22_800_000.0,
            19_950_000.0,
            8_400_000.0,
        ],
        Tone::Series(0),
    ))
}

fn standing_bars() -> Chart {
    let days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    Chart::new(
        "standing_bars",
        v("Orders peak on Friday"),
        Axis::category(v("Day of the week"), names(&days)),
        Axis::linear(v("Orders")).format(Format::Integer),
    )
    .mark(Mark::category_bars(
        Along::X,
        &[2794.0, 2973.0, 3024.0, 3239.0, 3538.0, 3158.0, 2624.0],
        Tone::Series(0),
    ))
}

fn long_names() -> Chart {
    let answers = [
        "Strongly disagree with the statement",
        "Somewhat disagree",
        "Neither agree nor disagree",
        "Somewhat agree",
        "Strongly agree with it",
    ];
    Chart::new("long_names", v("How far do you agree: the product was easy to set up, and the instructions that came with it were enough to do so without asking anyone for help or looking anything up elsewhere"), Axis::category(v("Answer"), names(&answers)), Axis::linear(v("Answers")).format(Format::Integer))
        .mark(Mark::category_bars(Along::X, &[12.0, 31.0, 48.0, 103.0, 77.0], Tone::Series(0)))
}

fn many(n: usize) -> (Vec<Msg>, Vec<f64>) {
    let mut noise = Noise::new(4);
    let mut sizes: Vec<f64> = (0..n)
        .map(|_| libm::exp(noise.normal() * 0.8) * 100.0)
        .collect();
    sizes.sort_by(|a, b| b.total_cmp(a));
    (
        (0..n)
            .map(|i| v(&format!("Branch office {}", i + 1)))
            .collect(),
        sizes,
    )
}

fn many_categories() -> Chart {
    let (groups, sizes) = many(60);
    Chart::new(
        "many_categories",
        v("Sixty branch offices"),
        Axis::linear(v("Customers")).format(Format::Integer),
        Axis::category(v(""), groups),
    )
    .mark(Mark::category_bars(Along::Y, &sizes, Tone::Series(0)))
}

fn many_standing() -> Chart {
    let (groups, sizes) = many(60);
    Chart::new(
        "many_standing",
        v("Sixty branch offices, side by side"),
        Axis::category(v(""), groups),
        Axis::linear(v("Customers")).format(Format::Integer),
    )
    .mark(Mark::category_bars(Along::X, &sizes, Tone::Series(0)))
}

fn negative_bars() -> Chart {
    let groups = ["North", "South", "East", "West", "Centre"];
    Chart::new(
        "negative_bars",
        v("Change against last year"),
        Axis::linear(v("Change")).format(Format::Percent(1)),
        Axis::category(v(""), names(&groups)),
    )
    .mark(Mark::category_bars(
        Along::Y,
        &[0.083, -0.027, 0.041, -0.112, 0.004],
        Tone::Series(0),
    ))
}

fn grouped_bars() -> Chart {
    let groups = ["Recency", "Frequency", "Amount", "Returns"];
    let bars = |s: u16, lengths: &[f64]| Mark::Bars {
        along: Along::X,
        from: (0..4)
            .map(|i| i as f64 - 0.39 + 0.26 * f64::from(s))
            .collect(),
        to: (0..4)
            .map(|i| i as f64 - 0.13 + 0.26 * f64::from(s))
            .collect(),
        base: vec![0.0; 4],
        length: lengths.to_vec(),
        tone: Tone::Series(s),
    };
    Chart::new(
        "grouped_bars",
        v("군집별 특성: 평균에서 벗어난 정도"),
        Axis::category(v(""), names(&groups)),
        Axis::linear(v("표준화 점수")),
    )
    .series(names(&["군집 1 (52 %)", "군집 2 (30 %)", "군집 3 (18 %)"]))
    .mark(bars(0, &[0.6, -0.5, -0.4, -0.1]))
    .mark(bars(1, &[-0.2, 0.1, 0.2, -0.3]))
    .mark(bars(2, &[-1.1, 1.4, 0.9, 0.8]))
}

fn bars_with_whiskers() -> Chart {
    let (means, half) = ([3.1, 4.4, -1.2], [0.4, 0.9, 0.5]);
    let ends = |sign: f64| (0..3).map(|i| means[i] + sign * half[i]).collect();
    Chart::new(
        "bars_with_whiskers",
        v("Means with one standard error, from −2 to 6"),
        Axis::category(v("Group"), names(&["Control", "New", "Old"])),
        Axis::linear(v("Change")).limits(Some(-2.0), Some(6.0)),
    )
    .mark(Mark::category_bars(Along::X, &means, Tone::Series(0)))
    .mark(Mark::Intervals {
        along: Along::X,
        at: vec![0.0, 1.0, 2.0],
        centre: means.to_vec(),
        low: ends(-1.0),
        high: ends(1.0),
        tone: Tone::Series(0),
        n: vec![30, 31, 29],
    })
}

fn stacked_areas() -> Chart {
    let x: Vec<f64> = (0..24).map(f64::from).collect();
    let wave = |i: usize, s: usize| 20.0 + 10.0 * ((i * (s + 2)) % 7) as f64;
    let mut below = vec![0.0; x.len()];
    let marks: Vec<Mark> = (0..3)
        .map(|s| {
            let base = below.clone();
            for (i, b) in below.iter_mut().enumerate() {
                *b += wave(i, s);
            }
            Mark::Area {
                x: x.clone(),
                base,
                top: below.clone(),
                tone: Tone::Series(s as u16),
            }
        })
        .collect();
    Chart::new(
        "stacked_areas",
        v("시간대별 주문 금액"),
        Axis::linear(v("시각")),
        Axis::linear(v("금액(만 원)")).from_zero(),
    )
    .series(names(&["서울", "부산", "제주"]))
    .marks(marks)
}

fn boxes_and_violins() -> Chart {
    let value: Vec<f64> = (0..=60).map(|i| f64::from(i) / 10.0).collect();
    let hump = |v: f64, centre: f64| 1.0 / (1.0 + (v - centre) * (v - centre));
    let violin = |at: usize, centre: f64| Mark::Violin {
        along: Along::Y,
        at: at as f64,
        scale: 0.42,
        value: value.clone(),
        density: value.iter().map(|&v| hump(v, centre)).collect(),
        tone: Tone::Series(at as u16),
    };
    let boxed = |at: usize, centre: f64, width: f64| Mark::Boxes {
        along: Along::Y,
        at: vec![at as f64],
        width,
        low: vec![centre - 1.6],
        q1: vec![centre - 0.5],
        median: vec![centre + 0.1],
        q3: vec![centre + 0.6],
        high: vec![centre + 1.8],
        tone: Tone::Series(at as u16),
        n: vec![120],
    };
    Chart::new(
        "boxes_and_violins",
        v("Waiting times of three branches"),
        Axis::linear(v("Minutes")),
        Axis::category(v(""), names(&["North", "시청역 지점", "South"])),
    )
    .mark(violin(0, 2.0))
    .mark(boxed(0, 2.0, 0.1))
    .mark(violin(1, 3.0))
    .mark(boxed(1, 3.0, 0.1))
    .mark(boxed(2, 4.0, 0.5))
    .mark(points(vec![0.4, 0.9, 6.4], vec![2.0; 3], 2))
}

fn bubbles() -> Chart {
    let mut noise = Noise::new(11);
    let mark = |s: u16, noise: &mut Noise| Mark::Bubbles {
        x: noise.normals(20, 40.0 + 10.0 * f64::from(s), 8.0),
        y: noise.normals(20, 3.0, 1.0),
        size: (0..20).map(|i| f64::from(i * i)).collect(),
        largest: 361.0,
        title: v("Customers"),
        tone: Tone::Series(s),
    };
    let marks = [mark(0, &mut noise), mark(1, &mut noise)];
    Chart::new(
        "bubbles",
        v("Price and rating; areas show customers"),
        Axis::linear(v("Price")),
        Axis::linear(v("Rating")),
    )
    .series(names(&["Online", "Stores"]))
    .marks(marks)
}

fn lines_over_time() -> Chart {
    let mut noise = Noise::new(5);
    let days: Vec<f64> = (0..365).map(|d| 15_706.0 + f64::from(d)).collect();
    let mut line = |s: u16, level: f64, slope: f64| {
        let mut drift = 0.0;
        let y = days.iter().enumerate().map(|(i, _)| {
            drift = 0.95 * drift + noise.normal() * 9.0;
            level + slope * i as f64 + drift
        });
        Mark::line(days.clone(), y.collect(), Tone::Series(s))
    };
    let marks = [
        line(0, 300.0, 0.5),
        line(1, 290.0, 0.1),
        line(2, 180.0, 0.35),
    ];
    Chart::new(
        "lines_over_time",
        v("Departures a day, by airport"),
        Axis::linear(v("")).scale(Scale::Date),
        Axis::linear(v("Departures")).from_zero(),
    )
    .series(names(&["Newark", "JFK", "LaGuardia"]))
    .marks(marks)
}

fn elbow() -> Chart {
    Chart::new(
        "elbow",
        v("How many clusters? The curve bends at 3"),
        Axis::linear(v("Clusters")).format(Format::Integer),
        Axis::linear(v("Within-cluster sum of squares")).from_zero(),
    )
    .mark(Mark::Line {
        x: (1..=10).map(f64::from).collect(),
        y: vec![
            1364.0, 552.0, 370.0, 293.0, 252.0, 214.0, 188.0, 169.0, 154.0, 141.0,
        ],
        tone: Tone::Series(0),
        dashed: false,
        dots: true,
    })
    .mark(Mark::Rule {
        across: Along::X,
        value: 3.0,
        label: Some(v("chosen")),
    })
}

fn band_and_line() -> Chart {
    let mut noise = Noise::new(6);
    let x: Vec<f64> = (0..140).map(|_| 20.0 * noise.uniform()).collect();
    let y = x
        .iter()
        .map(|x| 3.0 + 1.7 * x + 4.0 * noise.normal())
        .collect();
    let grid: Vec<f64> = (0..=40).map(|i| f64::from(i) / 2.0).collect();
    let fit: Vec<f64> = grid.iter().map(|x| 3.0 + 1.7 * x).collect();
    let half = |x: f64| 0.7 + 0.012 * (x - 10.0) * (x - 10.0);
    Chart::new(
        "band_and_line",
        v("A linear fit with its 95% interval"),
        Axis::linear(v("Dose (mg)")),
        Axis::linear(v("Response")),
    )
    .series(names(&["Observed", "Fitted"]))
    .mark(Mark::Points {
        x,
        y,
        tone: Tone::Muted,
        names: Vec::new(),
    })
    .mark(Mark::Band {
        x: grid.clone(),
        low: grid.iter().zip(&fit).map(|(&x, f)| f - half(x)).collect(),
        high: grid.iter().zip(&fit).map(|(&x, f)| f + half(x)).collect(),
        tone: Tone::Series(1),
    })
    .mark(Mark::line(grid, fit, Tone::Series(1)))
}

fn qq() -> Chart {
    let mut sample = Noise::new(7).normals(333, 0.0, 1.0);
    sample.sort_by(f64::total_cmp);
    let theory = Noise::new(8).normals(333, 0.0, 1.0);
    let mut theory = theory;
    theory.sort_by(f64::total_cmp);
    Chart::new(
        "qq",
        v("Residuals follow the normal line"),
        Axis::linear(v("Normal quantile")),
        Axis::linear(v("Standardised residual")),
    )
    .mark(Mark::Line {
        x: vec![-3.2, 3.2],
        y: vec![-3.2, 3.2],
        tone: Tone::Muted,
        dashed: true,
        dots: false,
    })
    .mark(points(theory, sample, 0))
}

fn forest() -> Chart {
    let terms = [
        "(Intercept)",
        "Flipper length (mm)",
        "Bill length (mm)",
        "Sex: male",
        "Species: Chinstrap × year",
    ];
    Chart::new(
        "forest",
        v("Standardised coefficients with 95% intervals"),
        Axis::linear(v("Standard deviations of body mass")),
        Axis::category(v(""), names(&terms)),
    )
    .mark(Mark::Rule {
        across: Along::X,
        value: 0.0,
        label: None,
    })
    .mark(Mark::Intervals {
        along: Along::Y,
        at: vec![0.0, 1.0, 2.0, 3.0, 4.0],
        centre: vec![-0.31, 0.62, -0.05, 0.67, -0.31],
        low: vec![-0.42, 0.52, -0.16, 0.57, -0.62],
        high: vec![-0.2, 0.72, 0.06, 0.77, 0.0],
        tone: Tone::Series(0),
        n: vec![],
    })
}

fn standing_intervals() -> Chart {
    Chart::new(
        "standing_intervals",
        v("전환율과 95% 신뢰구간"),
        Axis::category(
            v(""),
            names(&["A 기존 화면", "B 새 화면", "C 새 화면과 알림"]),
        ),
        Axis::linear(v("전환율")).format(Format::Percent(2)),
    )
    .mark(Mark::Intervals {
        along: Along::X,
        at: vec![0.0, 1.0, 2.0],
        centre: vec![0.0412, 0.0468, 0.0497],
        low: vec![0.0381, 0.0435, 0.0462],
        high: vec![0.0445, 0.0503, 0.0534],
        tone: Tone::Series(0),
        n: vec![15_302, 15_287, 15_311],
    })
}

fn hours() -> Chart {
    let start = 1_709_596_800_000.0;
    let x: Vec<f64> = (0..60)
        .map(|i| start + f64::from(i) * 1_800_000.0)
        .collect();
    let y = (0..60)
        .map(|i| 40.0 + 30.0 * libm::sin(f64::from(i) / 7.6))
        .collect();
    Chart::new(
        "hours",
        v("시간대별 방문"),
        Axis::linear(v("")).scale(Scale::DateTime),
        Axis::linear(v("방문")).from_zero(),
    )
    .mark(Mark::line(x, y, Tone::Series(0)))
}

fn log_log() -> Chart {
    let mut noise = Noise::new(9);
    let x: Vec<f64> = (0..300).map(|_| libm::exp(9.0 * noise.uniform())).collect();
    let y = x
        .iter()
        .map(|x| libm::pow(*x, 0.7) * libm::exp(0.4 * noise.normal()))
        .collect();
    Chart::new(
        "log_log",
        v("Larger towns have more shops"),
        Axis::linear(v("Inhabitants")).scale(Scale::Log),
        Axis::linear(v("Shops")).scale(Scale::Log),
    )
    .mark(points(x, y, 0))
}

fn log_with_zeros() -> Chart {
    Chart::new(
        "log_with_zeros",
        v("구매 금액의 분포"),
        Axis::linear(v("고객")),
        Axis::linear(v("금액 (원)")).scale(Scale::Log),
    )
    .mark(points(
        vec![1.0, 2.0, 3.0, 4.0, 5.0],
        vec![1000.0, 0.0, 25_000.0, -3.0, 1_200_000.0],
        0,
    ))
}

fn crowd(n: usize, series: bool) -> (Vec<f64>, Vec<f64>, Option<Vec<u32>>) {
    let mut noise = Noise::new(10);
    let s: Vec<u32> = (0..n).map(|i| (i % 3) as u32).collect();
    let x = s
        .iter()
        .map(|&s| f64::from(s) * 2.2 + noise.normal())
        .collect();
    let y = s
        .iter()
        .map(|&s| f64::from(s % 2) * 3.0 + noise.normal() * 1.1)
        .collect();
    (x, y, series.then_some(s))
}

fn dense() -> Chart {
    let (x, y, _) = crowd(200_000, false);
    let (marks, caption) = points_or_density(&x, &y, None);
    Chart::new(
        "dense",
        v("Two hundred thousand points"),
        Axis::linear(v("First component")),
        Axis::linear(v("Second component")),
    )
    .marks(marks)
    .caption(caption.unwrap())
}

fn dense_series() -> Chart {
    let (x, y, s) = crowd(200_000, true);
    let (marks, caption) = points_or_density(&x, &y, s.as_deref());
    Chart::new(
        "dense_series",
        v("Two hundred thousand points in three clusters"),
        Axis::linear(v("First component")),
        Axis::linear(v("Second component")),
    )
    .series(names(&["Cluster 1", "Cluster 2", "Cluster 3"]))
    .marks(marks)
    .caption(caption.unwrap())
}

pub fn thousands() -> Chart {
    let (x, y, s) = crowd(20_000, true);
    let (marks, _) = points_or_density(&x, &y, s.as_deref());
    Chart::new(
        "thousands",
        v("20,000 points in three clusters"),
        Axis::linear(v("First component")),
        Axis::linear(v("Second component")),
    )
    .series(names(&["Cluster 1", "Cluster 2", "Cluster 3"]))
    .marks(marks)
}

fn rules() -> Chart {
    let x: Vec<f64> = (0..120).map(f64::from).collect();
    let y = Noise::new(11).normals(120, 100.0, 6.0);
    Chart::new(
        "rules",
        v("Weekly mean with control limits"),
        Axis::linear(v("Week")),
        Axis::linear(v("Weight (g)")),
    )
    .mark(Mark::line(x, y, Tone::Series(0)))
    .marks(
        [
            (118.0, "upper limit"),
            (100.0, "target"),
            (82.0, "lower limit"),
        ]
        .map(|(value, name)| Mark::Rule {
            across: Along::Y,
            value,
            label: Some(v(name)),
        }),
    )
    .mark(Mark::Rule {
        across: Along::X,
        value: 117.0,
        label: Some(v("new supplier")),
    })
    .mark(Mark::Rule {
        across: Along::X,
        value: 116.0,
        label: Some(v("new machine")),
    })
}

fn nothing() -> Chart {
    Chart::new(
        "nothing",
        v("A chart with no marks"),
        Axis::linear(v("x")),
        Axis::linear(v("y")),
    )
}

fn all_missing() -> Chart {
    Chart::new(
        "all_missing",
        v("모든 값이 없는 차트"),
        Axis::linear(v("x")),
        Axis::linear(v("y")),
    )
    .mark(points(vec![f64::NAN, 1.0], vec![2.0, f64::NAN], 0))
}

fn one_point() -> Chart {
    Chart::new(
        "one_point",
        v("One point"),
        Axis::linear(v("x")),
        Axis::linear(v("y")),
    )
    .mark(points(vec![12.5], vec![-3.0], 0))
}

fn constant() -> Chart {
    Chart::new(
        "constant",
        v("A constant"),
        Axis::linear(v("Row")),
        Axis::linear(v("Value")),
    )
    .mark(points((0..30).map(f64::from).collect(), vec![7.0; 30], 0))
}

fn tiny() -> Chart {
    Chart::new(
        "tiny",
        v("Small magnitudes"),
        Axis::linear(v("Seconds")),
        Axis::linear(v("Coulomb")),
    )
    .mark(points(
        vec![1e-9, 2e-9, 3.5e-9],
        vec![1.6e-19, 3.2e-19, 4.8e-19],
        0,
    ))
}

fn huge() -> Chart {
    Chart::new(
        "huge",
        v("Large magnitudes"),
        Axis::linear(v("Years")).format(Format::Integer),
        Axis::linear(v("Money")),
    )
    .mark(points(
        vec![1.38e10, 4.5e9, 2e9],
        vec![1e308, -1e308, 3e307],
        0,
    ))
}

fn hostile() -> Chart {
    let long = "<script>alert('x')</script> & \"quotes\" ]]> \u{1}\u{7f} {braces} ".repeat(3);
    Chart::new(
        "hostile",
        v(&long),
        Axis::linear(v(&long)),
        Axis::category(v(&long), vec![v(&long), v(""), v("한"), v("😀 emoji")]),
    )
    .mark(Mark::category_bars(
        Along::Y,
        &[1.0, f64::NAN, f64::INFINITY, 3.0],
        Tone::Series(9),
    ))
    .caption(msg!("", "A <b>caption</b> & more"))
}
