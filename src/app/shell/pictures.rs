//! Small pictures of what the examples show.

use leptos::prelude::*;

use crate::report::Lang;

/// The picture of the example called `key`.
pub(super) fn picture(key: &str, lang: Lang) -> AnyView {
    match key {
        "penguins" => clusters().into_any(),
        "campaign" => intervals(lang).into_any(),
        _ => amounts(lang).into_any(),
    }
}

/// Three clusters in a plane.
fn clusters() -> impl IntoView {
    let groups = [("pic-1", GROUP_1), ("pic-2", GROUP_2), ("pic-3", GROUP_3)];
    let dots = groups.map(|(class, path)| {
        view! {
            <g class=class>
                <path class="pic-dots" d=path></path>
            </g>
        }
    });
    view! {
        <svg class="example-picture" viewBox="0 0 288 150" preserveAspectRatio="xMidYMid slice" aria-hidden="true">
            <path class="pic-grid" d="M24 38.5h248M24 82.5h248"></path>
            <path class="pic-axis" d="M24 128.5h248"></path>
            {dots.into_iter().collect_view()}
        </svg>
    }
}

/// Shares with their intervals: one stands out.
fn intervals(lang: Lang) -> impl IntoView {
    let names = match lang {
        Lang::En => ["reminder", "10% coupon", "new arrivals"],
        Lang::Ko => ["알림", "10% 쿠폰", "신상품"],
    };
    let rows = [
        ("pic-muted", 34, 128.0, 12.0, names[0]),
        ("pic-3", 72, 206.0, 14.0, names[1]),
        ("pic-muted", 110, 132.0, 12.0, names[2]),
    ];
    let rows = rows.map(|(class, y, x, half, name)| {
        let interval = format!(
            "M{} {y}h{} M{} {}v10 M{} {}v10",
            x - half,
            2.0 * half,
            x - half,
            y - 5,
            x + half,
            y - 5
        );
        let label = if class == "pic-muted" {
            "pic-label pic-end"
        } else {
            "pic-label pic-end pic-strong"
        };
        view! {
            <g class=class>
                <path class="pic-interval" d=interval></path>
                <circle class="pic-point" cx=x cy=y r="5.5"></circle>
                <text class=label x="92" y=y + 4>
                    {name}
                </text>
            </g>
        }
    });
    view! {
        <svg class="example-picture" viewBox="0 0 288 150" preserveAspectRatio="xMidYMid slice" aria-hidden="true">
            <path class="pic-grid" d="M144.5 16v112M188.5 16v112M232.5 16v112"></path>
            <path class="pic-axis" d="M100.5 16v112"></path>
            {rows.into_iter().collect_view()}
        </svg>
    }
}

/// A histogram of amounts in won.
fn amounts(lang: Lang) -> impl IntoView {
    const HEIGHTS: [(u32, u32); 10] = [
        (8, 6),
        (34, 16),
        (46, 30),
        (38, 34),
        (26, 22),
        (17, 14),
        (10, 9),
        (6, 4),
        (3, 3),
        (2, 1),
    ];
    let bars = HEIGHTS.iter().enumerate().map(|(i, &(below, above))| {
        let x = 26 + 24 * i as u32;
        view! {
            <g>
                <rect class="pic-bar pic-1" x=x y=128 - below width="22" height=below></rect>
                <rect
                    class="pic-bar pic-2"
                    x=x
                    y=128 - below - above
                    width="22"
                    height=above
                ></rect>
            </g>
        }
    });
    let ticks = match lang {
        Lang::En => ["₩10,000", "₩30,000"],
        Lang::Ko => ["1만 원", "3만 원"],
    };
    view! {
        <svg class="example-picture" viewBox="0 0 288 150" preserveAspectRatio="xMidYMid slice" aria-hidden="true">
            <path class="pic-grid" d="M24 48.5h248M24 88.5h248"></path>
            {bars.collect_view()}
            <path class="pic-axis" d="M24 128.5h248"></path>
            <text class="pic-label" x="62" y="143">
                {ticks[0]}
            </text>
            <text class="pic-label" x="180" y="143">
                {ticks[1]}
            </text>
        </svg>
    }
}

const GROUP_1: &str = "M80 71h0M80 60h0M66 67h0M107 58h0M93 61h0M52 86h0M51 54h0M95 50h0M72 89h0M96 72h0M73 58h0M75 82h0M94 40h0M86 78h0M45 75h0M83 53h0M114 55h0M87 45h0M76 50h0M111 26h0";
const GROUP_2: &str = "M125 53h0M175 39h0M118 27h0M156 32h0M131 59h0M169 37h0M154 45h0M123 65h0M116 47h0M164 18h0M147 54h0M159 37h0M139 42h0M175 29h0M147 40h0";
const GROUP_3: &str = "M248 69h0M193 106h0M241 92h0M222 91h0M217 97h0M209 97h0M227 87h0M232 92h0M263 79h0M202 91h0M213 102h0M259 48h0M185 104h0M202 103h0M220 84h0M274 76h0M145 109h0M238 70h0M234 102h0M170 102h0";
