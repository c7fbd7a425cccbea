//! Series of objects built in memory.

use proptest::prelude::*;

use super::*;
use crate::made::{self, cosines, enhanced, set};
use crate::{Plane, picture};

const SAGITTAL: &str = "0\\1\\0\\0\\0\\-1";
const AXIAL: &str = "1\\0\\0\\0\\1\\0";
const SEQUENCE: Tag = Tag(0x0018, 0x0020);
const REPETITION: Tag = Tag(0x0018, 0x0080);
const ECHO: Tag = Tag(0x0018, 0x0081);
const NUMBER: Tag = Tag(0x0020, 0x0013);
const IMAGE_TYPE: Tag = Tag(0x0008, 0x0008);

/// A slice of a series at a place.
fn slice(
    series: &str,
    instance: usize,
    orientation: &str,
    position: [f64; 3],
) -> DefaultDicomObject {
    let [x, y, z] = position;
    let object = made::Slice {
        series,
        instance: format!("{series}.{instance}"),
        orientation: orientation.to_owned(),
        position: format!("{x}\\{y}\\{z}"),
        ..made::Slice::default()
    };
    object.object()
}

fn spin_echo(object: &mut DefaultDicomObject, repetition: &str, echo: &str) {
    set(object, SEQUENCE, "CS", "SE");
    set(object, REPETITION, "DS", repetition);
    set(object, ECHO, "DS", echo);
}

/// Sagittal T2 from x = -20 to 20, axial T1 from z = 0 to 40 and a coronal slice.
fn study() -> Vec<DefaultDicomObject> {
    let mut objects = Vec::new();
    for at in 0..11 {
        let mut object = slice("1.2.1", at, SAGITTAL, [20.0 - 4.0 * at as f64, 0.0, 0.0]);
        spin_echo(&mut object, "3500", "100");
        objects.push(object);
        let mut object = slice("1.2.2", at, AXIAL, [0.0, 0.0, 4.0 * at as f64]);
        spin_echo(&mut object, "550", "10");
        objects.push(object);
    }
    objects.push(slice("1.2.3", 0, "1\\0\\0\\0\\0\\-1", [0.0, 5.0, 0.0]));
    objects
}

fn assembled(objects: &[DefaultDicomObject]) -> Assembled {
    assemble(&objects.iter().collect::<Vec<_>>())
}

/// Identifiers in place of input numbers, so that results compare.
fn in_words(objects: &[DefaultDicomObject]) -> String {
    let mut all = assembled(objects);
    for slice in all
        .series
        .iter_mut()
        .flat_map(|s| &mut s.stacks)
        .flat_map(|s| &mut s.slices)
    {
        slice.object = 0;
    }
    let left_out = all.left_out.iter();
    let mut left_out: Vec<String> = left_out
        .map(|(at, why)| format!("{:?} {why}", attribute::uid(&objects[*at], INSTANCE)))
        .collect();
    left_out.sort();
    format!("{:?} {left_out:?}", all.series)
}

/// The only stack of the only series.
fn stack(objects: &[DefaultDicomObject]) -> Stack {
    let mut all = assembled(objects);
    assert_eq!((all.series.len(), all.left_out.len()), (1, 0));
    let mut stacks = all.series.remove(0).stacks;
    assert_eq!(stacks.len(), 1, "{stacks:?}");
    stacks.remove(0)
}

fn instances(stack: &Stack) -> Vec<&str> {
    stack
        .slices
        .iter()
        .map(|s| s.instance_uid.as_str())
        .collect()
}

#[test]
fn slices_are_ordered_along_their_normal() {
    // Acquired from the left to the right.
    let objects: Vec<_> = [12.0, 4.0, -4.0]
        .into_iter()
        .enumerate()
        .map(|(at, x)| slice("1.2.1", at, SAGITTAL, [x, 0.0, 0.0]))
        .collect();
    let stack = stack(&objects);
    assert_eq!(instances(&stack), ["1.2.1.2", "1.2.1.1", "1.2.1.0"]);
    let along: Vec<_> = stack.slices.iter().filter_map(|s| s.along).collect();
    assert_eq!(along, [-4.0, 4.0, 12.0]);
    assert_eq!((stack.spacing, stack.lean), (Some(8.0), Some(0.0)));
    assert_eq!(stack.view.plane(), Some(Plane::Sagittal));
}

#[test]
fn pixels_are_not_needed() {
    let objects = study();
    let slim: Vec<_> = objects.iter().map(crate::without_pixels).collect();
    assert_eq!(assembled(&slim), assembled(&objects));
    let size = |objects: &[DefaultDicomObject]| -> usize {
        let bytes = |object: &DefaultDicomObject| {
            let pixels = object.get(Tag(0x7FE0, 0x0010)).expect("pixels");
            pixels
                .value()
                .primitive()
                .map_or(0, |p| p.calculate_byte_len())
        };
        objects.iter().map(bytes).sum()
    };
    assert_eq!(size(&slim), 0);
    assert!(size(&objects) > 0);
}

#[test]
fn gaps_are_told() {
    let at = [0.0, 5.0, 10.0, 25.0, 30.0];
    let objects: Vec<_> = at
        .into_iter()
        .enumerate()
        .map(|(at, z)| slice("1.2.1", at, AXIAL, [0.0, 0.0, z]))
        .collect();
    let stack = stack(&objects);
    assert_eq!((stack.spacing, stack.gaps), (Some(5.0), vec![2]));
}

#[test]
fn a_tilted_gantry_leans_the_stack() {
    let tilted = cosines(20.0);
    let objects: Vec<_> = (0..4)
        .map(|at| slice("1.2.1", at, &tilted, [0.0, 0.0, 3.0 * at as f64]))
        .collect();
    let stack = stack(&objects);
    let near = |found: Option<f64>, expect: f64| (found.expect("a number") - expect).abs() < 0.001;
    assert!(near(stack.lean, 20.0), "{:?}", stack.lean);
    assert!(near(stack.spacing, 3.0 * 20f64.to_radians().cos()));
    assert_eq!(stack.view.plane(), Some(Plane::Axial));
    assert_eq!(instances(&stack)[0], "1.2.1.0");
}

#[test]
fn single_slices_have_no_spacing() {
    let stack = stack(&[slice("1.2.1", 0, AXIAL, [0.0; 3])]);
    assert_eq!((stack.spacing, stack.lean), (None, None));
    assert_eq!(stack.slices.len(), 1);
}

#[test]
fn interleaved_echoes_are_told_apart() {
    let mut objects = Vec::new();
    for at in 0..3 {
        for (echo, time) in ["20", "90"].into_iter().enumerate() {
            let mut object = slice("1.2.1", 2 * at + echo, AXIAL, [0.0, 0.0, 4.0 * at as f64]);
            spin_echo(&mut object, "3000", time);
            objects.push(object);
        }
    }
    let all = assembled(&objects);
    let stacks = &all.series[0].stacks;
    let told: Vec<_> = stacks
        .iter()
        .map(|s| (s.weighting, s.repeat, s.slices.len()))
        .collect();
    assert_eq!(told, [(Weighting::T2, 0, 3), (Weighting::Pd, 0, 3)]);
    assert_eq!(instances(&stacks[0]), ["1.2.1.1", "1.2.1.3", "1.2.1.5"]);
}

#[test]
fn repeated_places_become_repeats() {
    // No echo time tells them apart, only their numbers.
    let objects: Vec<_> = (0..6)
        .map(|at| {
            let mut object = slice("1.2.1", at, AXIAL, [0.0, 0.0, 4.0 * (at / 2) as f64]);
            set(&mut object, NUMBER, "IS", &(10 - at).to_string());
            object
        })
        .collect();
    let all = assembled(&objects);
    let stacks = &all.series[0].stacks;
    assert_eq!(stacks.iter().map(|s| s.repeat).collect::<Vec<_>>(), [0, 1]);
    assert_eq!(instances(&stacks[0]), ["1.2.1.1", "1.2.1.3", "1.2.1.5"]);
    assert_eq!(choose(&all.series, &[], 8).len(), 3);
}

#[test]
fn planes_of_one_series_are_stacks_of_their_own() {
    let mut objects = vec![
        slice("1.2.1", 0, AXIAL, [0.0; 3]),
        slice("1.2.1", 1, SAGITTAL, [0.0; 3]),
        slice("1.2.1", 2, &cosines(45.0), [0.0; 3]),
        slice("1.2.1", 3, "", [0.0; 3]),
    ];
    for object in &mut objects {
        set(object, IMAGE_TYPE, "CS", "ORIGINAL\\PRIMARY\\LOCALIZER");
    }
    let all = assembled(&objects);
    assert_eq!(all.series[0].stacks.len(), 4);
    assert!(all.series[0].stacks.iter().all(|stack| stack.localizer));
    // With nothing else to show, localizers are shown.
    assert_eq!(choose(&all.series, &[], 8).len(), 4);
}

#[test]
fn slices_without_place_are_ordered_by_number() {
    let objects: Vec<_> = [3, 1, 2]
        .into_iter()
        .map(|number| {
            let mut object = slice("1.2.1", number, "", [0.0; 3]);
            set(&mut object, NUMBER, "IS", &number.to_string());
            object
        })
        .collect();
    let stack = stack(&objects);
    assert_eq!(instances(&stack), ["1.2.1.1", "1.2.1.2", "1.2.1.3"]);
    assert_eq!((stack.view, stack.spacing), (View::Unknown, None));
}

#[test]
fn frames_of_enhanced_objects_are_slices() {
    let object = enhanced(&[[0.0, 0.0, 9.0], [0.0, 0.0, 3.0], [0.0, 0.0, 6.0]]);
    let stack = stack(&[object]);
    let frames: Vec<u32> = stack.slices.iter().map(|slice| slice.frame).collect();
    assert_eq!((frames, stack.spacing), (vec![2, 3, 1], Some(3.0)));
}

#[test]
fn what_shows_nothing_is_left_out_with_a_reason() {
    let check = |change: fn(&mut DefaultDicomObject), expect: &str| {
        let mut object = slice("1.2.1", 0, AXIAL, [0.0; 3]);
        change(&mut object);
        let all = assembled(&[object]);
        let told: Vec<String> = all
            .left_out
            .iter()
            .map(|(_, why)| why.to_string())
            .collect();
        assert_eq!((all.series.len(), told), (0, vec![expect.to_owned()]));
    };
    check(
        |o| set(o, SERIES, "UI", ""),
        "`SeriesInstanceUID` is missing",
    );
    check(
        |o| set(o, INSTANCE, "UI", ""),
        "`SOPInstanceUID` is missing",
    );
    check(
        |o| _ = o.remove_element(Tag(0x7FE0, 0x0010)),
        "there are no pixels",
    );
    check(
        |o| made::put_pixels(o, &[0; 3]),
        "the pixel data does not decode",
    );
    check(
        |o| set(o, Tag(0x0028, 0x0008), "IS", "2000000000"),
        "NumberOfFrames is missing or impossible",
    );
    let one = slice("1.2.1", 0, AXIAL, [0.0; 3]);
    let all = assembled(&[one.clone(), one]);
    assert_eq!(all.left_out, [(1, Reason::Repeated)]);
}

#[test]
fn missing_frames_are_not_listed() {
    let mut object = enhanced(&[[0.0; 3], [0.0, 0.0, 1.0]]);
    made::put_pixels(&mut object, &[0; 12]);
    assert_eq!(stack(&[object]).slices.len(), 1);
}

#[test]
fn sagittal_comes_first_and_planes_take_turns() {
    let objects = study();
    let all = assembled(&objects);
    let chosen = choose(&all.series, &[], DEFAULT_LIMIT);
    let titles: Vec<_> = chosen.iter().filter_map(|c| c.title.as_deref()).collect();
    let (s, a) = ("Sagittal T2", "Axial T1");
    assert_eq!(titles, [s, a, "Coronal", s, a, s, a, s]);
    let along = |c: &Chosen| all.series[c.series].stacks[c.stack].slices[c.slice].along;
    let of = |title: &str| -> Vec<f64> {
        let titled = chosen.iter().filter(|c| c.title.as_deref() == Some(title));
        titled.filter_map(along).collect()
    };
    // Four of eleven, of which the middle; three of eleven.
    assert_eq!(of(s), [0.0, -16.0, -8.0, 8.0]);
    assert_eq!(of(a), [20.0, 4.0, 36.0]);
    assert!(choose(&all.series, &[], 0).is_empty());
    assert_eq!(choose(&all.series, &[], 100).len(), 23);
}

#[test]
fn key_frames_come_first() {
    let objects = study();
    let all = assembled(&objects);
    let key = |series: &str, instance: Option<&str>, frame| KeyFrame {
        series_uid: series.into(),
        instance_uid: instance.map(str::to_owned),
        frame,
    };
    let keys = [
        key("1.2.2", Some("1.2.2.3"), 1),
        // Which of eleven it is is not said; then frames and series that are not there.
        key("1.2.2", None, 1),
        key("1.2.2", Some("1.2.2.3"), 2),
        key("1.9", None, 1),
        key("1.2.3", None, 1),
        key("1.2.2", Some("1.2.2.3"), 1),
    ];
    let chosen = choose(&all.series, &keys, 4);
    let told: Vec<_> = chosen
        .iter()
        .map(|c| (c.title.as_deref(), c.keys.clone()))
        .collect();
    assert_eq!(
        told,
        [
            (Some("Axial T1"), vec![0, 5]),
            (Some("Coronal"), vec![4]),
            (Some("Sagittal T2"), vec![]),
            (Some("Axial T1"), vec![]),
        ]
    );
    assert_eq!(choose(&all.series, &keys, 1).len(), 2);
    assert!(picture(&objects[chosen[0].object], 1, crate::Setting::Usual).is_ok());
}

#[test]
fn both_sides_of_a_radiograph_series_are_told() {
    let objects: Vec<_> = ["AP", "LL"]
        .into_iter()
        .enumerate()
        .map(|(at, position)| {
            let object = made::Slice {
                modality: "DX",
                orientation: String::new(),
                instance: format!("1.2.1.{at}"),
                ..made::Slice::default()
            };
            let mut object = object.object();
            set(&mut object, Tag(0x0018, 0x5101), "CS", position);
            object
        })
        .collect();
    let chosen = choose(&assembled(&objects).series, &[], 8);
    let titles: Vec<_> = chosen.iter().filter_map(|c| c.title.as_deref()).collect();
    assert_eq!(titles, ["Lateral radiograph", "Frontal radiograph"]);
}

/// What proptest changes of a slice.
type Odd = (usize, usize, usize, i32, usize, usize);

fn odd(at: usize, (orientation, position, echo, number, series, extra): Odd) -> DefaultDicomObject {
    let orientations = [
        AXIAL,
        SAGITTAL,
        "",
        "1\\0\\0\\0\\1",
        "1\\0\\0\\0\\0.9999\\0.0101",
        "x",
    ];
    let positions = [
        "0\\0\\0",
        "0\\0\\4",
        "4\\0\\8",
        "0\\0\\4.005",
        "",
        "1e999\\0\\0",
        "\\\\",
    ];
    let echoes = ["10", "90", "", "-1e300", "1e18", "abc"];
    let object = made::Slice {
        orientation: orientations[orientation % orientations.len()].into(),
        position: positions[position % positions.len()].into(),
        series: ["1.2.1", "1.2.2", ""][series % 3],
        // Two of ten share an identifier.
        instance: format!("1.3.{}", at % 9),
        ..made::Slice::default()
    };
    let mut object = object.object();
    spin_echo(&mut object, "3000", echoes[echo % echoes.len()]);
    set(&mut object, NUMBER, "IS", &(number % 3).to_string());
    if extra == 0 {
        set(&mut object, IMAGE_TYPE, "CS", "A\\B\\LOCALIZER");
    }
    object
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_order_of_objects_does_not_matter(
        odds in proptest::collection::vec(any::<Odd>(), 0..24),
        order in any::<[u64; 24]>(),
    ) {
        let objects: Vec<_> = odds.into_iter().enumerate().map(|(at, o)| odd(at, o)).collect();
        let mut shuffled: Vec<_> = objects.iter().zip(order).collect();
        shuffled.sort_by_key(|(_, key)| *key);
        let shuffled: Vec<_> = shuffled.into_iter().map(|(object, _)| object.clone()).collect();
        prop_assert_eq!(in_words(&objects), in_words(&shuffled));
    }

    #[test]
    fn each_frame_is_in_one_stack_or_left_out(
        odds in proptest::collection::vec(any::<Odd>(), 0..24),
        limit in 0..40usize,
    ) {
        let objects: Vec<_> = odds.into_iter().enumerate().map(|(at, o)| odd(at, o)).collect();
        let all = assembled(&objects);
        let stacks = all.series.iter().flat_map(|series| &series.stacks);
        let slices = stacks.flat_map(|stack| &stack.slices).map(|slice| slice.object);
        let mut seen: Vec<usize> = slices.chain(all.left_out.iter().map(|(at, _)| *at)).collect();
        seen.sort_unstable();
        prop_assert_eq!(seen, (0..objects.len()).collect::<Vec<_>>());
        let chosen = choose(&all.series, &[], limit);
        prop_assert!(chosen.len() <= limit);
        let mut places: Vec<_> = chosen.iter().map(|c| (c.series, c.stack, c.slice)).collect();
        places.sort_unstable();
        places.dedup();
        prop_assert_eq!(places.len(), chosen.len());
    }

    #[test]
    fn assembling_mutated_files_never_panics(
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
    ) {
        let mut bytes = Vec::new();
        let object = enhanced(&[[0.0; 3], [0.0, 0.0, 4.0], [0.0, 0.0, 4.0]]);
        let syntax = EXPLICIT_VR_LITTLE_ENDIAN.erased();
        object.write_dataset_with_ts(&mut bytes, &syntax).expect("memory");
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if let Ok(object) = crate::read(&bytes) {
            let all = assemble(&[&object]);
            for chosen in choose(&all.series, &[], 3) {
                let _ = picture(&object, chosen.frame, crate::Setting::Usual);
            }
        }
    }
}
