//! What a person, a header or a reader says of pictures.

use super::*;

#[test]
fn a_person_may_ask_and_clear() {
    let frames = [frame(1, &[LINE]), frame(2, &[LINE])];
    let all = [0, 0, SIZE.0 as u32, SIZE.1 as u32];
    let cleared = Wanted {
        cleared: vec![FrameBox {
            frame: None,
            region: all,
        }],
        ..nothing()
    };
    let mut object = made(GREY, &frames);
    let before = object.clone();
    assert!(blank(&mut object, &cleared, &[]).unwrap().frames.is_empty());
    assert_eq!(object, before);

    let demanded = Wanted {
        regions: vec![FrameBox {
            frame: Some(2),
            region: [100, 60, 500, 70],
        }],
        ..cleared
    };
    let blanked = blank(&mut object, &demanded, &[]).unwrap();
    assert_eq!(blanked.frames.len(), 1);
    assert_eq!(blanked.frames[0].frame, 2);
    assert_eq!(blanked.frames[0].regions, [[100, 60, SIZE.0 as u32, 70]]);
}

#[test]
fn what_lies_outside_of_ultrasound_regions() {
    let mut object = made(GREY, &[frame(1, &[])]);
    let mut region = InMemDicomObject::new_empty();
    for (element, value) in [(0x6018, 20_u32), (0x601A, 10), (0x601C, 139), (0x601E, 99)] {
        let value = PrimitiveValue::from(value);
        region.put(DataElement::new(Tag(0x0018, element), VR::UL, value));
    }
    let regions = DataSetSequence::from(vec![region]);
    object.put(DataElement::new(Tag(0x0018, 0x6011), VR::SQ, regions));
    let wanted = Wanted {
        outside_regions: true,
        ..nothing()
    };
    let before = parsed(&pixel_bytes(&object), GREY);
    let blanked = blank(&mut object, &wanted, &[]).unwrap();
    assert!(blanked.outside_regions);
    let least = before[0].iter().map(|pixel| pixel[0]).min().unwrap();
    for (place, pixel) in parsed(&pixel_bytes(&object), GREY)[0].iter().enumerate() {
        let outside = !inside(&[[20, 10, 140, 100]], place);
        // The new edges may look like text and are blanked then, as any find.
        let blank = inside(&blanked.frames[0].regions, place);
        assert!(blank || !outside);
        assert_eq!(pixel[0], if blank { least } else { before[0][place][0] });
    }
    // Without regions the wish is without effect.
    let mut object = made(GREY, &[frame(1, &[])]);
    assert!(!blank(&mut object, &wanted, &[]).unwrap().outside_regions);
}

/// Reads one word as long as something is there.
struct Once;

impl TextReader for Once {
    fn words(&self, picture: &Grey<'_>) -> Result<Vec<Word>, ReaderFault> {
        let place = 50 * picture.width as usize + 50;
        let blank = picture.pixels[place] == picture.pixels[place + 3];
        let word = Word {
            region: [40, 44, 70, 56],
            confidence: 90,
        };
        Ok(if blank { Vec::new() } else { vec![word] })
    }
}

#[test]
fn readers_are_believed() {
    let mut object = made(GREY, &[frame(1, &[])]);
    let blanked = blank(&mut object, &nothing(), &[&Once]).unwrap();
    assert!(blanked.changed && blanked.read == 2, "{blanked:?}");
    let [x0, y0, x1, y1] = blanked.frames[0].regions[0];
    assert!(x0 < 40 && y0 < 44 && x1 > 70 && y1 > 56);

    let mut object = made(GREY, &[frame(1, &[])]);
    let before = object.clone();
    let fault = blank(&mut object, &nothing(), &[&Fixed(Err(ReaderFault::Late))]);
    assert_eq!(fault, Err(Suspicion::Reader(ReaderFault::Late)));
    assert_eq!(object, before);
}

#[test]
fn ultrasound_that_nobody_read_is_refused() {
    let form = GREY;
    let grey = frame(1, &[]);
    let data = object::bytes(&[object::samples(&grey.written, form)], form);
    let mut object = object(ULTRASOUND, form, 1, data);
    assert_eq!(blank(&mut object, &nothing(), &[]), Err(Suspicion::Unread));
    let confirmed = Wanted {
        confirmed: true,
        ..nothing()
    };
    assert!(blank(&mut object, &confirmed, &[]).is_ok());
    assert!(blank(&mut object, &nothing(), &[&Fixed(Ok(Vec::new()))]).is_ok());
    // What says of itself that text is burned in is treated alike, whatever its class.
    let mut slice = made(GREY, &[frame(1, &[])]);
    text(&mut slice, (0x0028, 0x0301), VR::CS, "YES");
    assert_eq!(blank(&mut slice, &nothing(), &[]), Err(Suspicion::Unread));
}
