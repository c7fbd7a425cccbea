//! Parquet files: written the same way every time, read without trust.

use std::panic::{AssertUnwindSafe, catch_unwind};

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use bytes::Bytes;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder,
};
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::schema::types::ColumnPath;

use crate::error::ReleaseError;
use crate::folder::Sink;

/// Rows are handed to the writer, and taken from the reader, in steps of this many, so that
/// neither holds many rows' pictures at once.
pub(crate) const STEP: usize = 64;

/// Pictures of a row group are stored once each, in its dictionary, up to this many bytes;
/// Parquet's own default of 1 MiB would hold a picture or two.
const PICTURE_DICTIONARY: usize = 512 << 20;

/// Writes a Parquet file row group by row group.
pub(crate) struct FileWriter {
    name: String,
    writer: ArrowWriter<Sink>,
}

impl FileWriter {
    /// Starts a file in a sink.
    pub fn new(sink: Sink, schema: SchemaRef) -> Result<Self, ReleaseError> {
        let name = sink.name().to_owned();
        let writer = ArrowWriter::try_new(sink, schema, Some(properties()))
            .map_err(|cause| encode(&name, cause))?;
        Ok(Self { name, writer })
    }

    /// Adds rows to the row group.
    pub fn write(&mut self, batch: &RecordBatch) -> Result<(), ReleaseError> {
        self.writer
            .write(batch)
            .map_err(|cause| encode(&self.name, cause))
    }

    /// Ends the row group.
    pub fn end_row_group(&mut self) -> Result<(), ReleaseError> {
        self.writer
            .flush()
            .map_err(|cause| encode(&self.name, cause))
    }

    /// Ends the file and gives the sink back.
    pub fn finish(self) -> Result<Sink, ReleaseError> {
        self.writer
            .into_inner()
            .map_err(|cause| encode(&self.name, cause))
    }
}

/// An error of the writer, with its file's name.
pub(crate) fn encode(name: &str, cause: ParquetError) -> ReleaseError {
    ReleaseError::Encode {
        name: name.to_owned(),
        cause,
    }
}

/// The footer names the layout, not the library, whose version is no input (I8). Statistics
/// are kept where a reader would filter by them; for the rest they would be a third of a
/// small row group.
fn properties() -> WriterProperties {
    let mut builder = WriterProperties::builder()
        .set_created_by("spinemed release format 1".to_owned())
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_max_row_group_row_count(None)
        .set_statistics_enabled(EnabledStatistics::None)
        .set_offset_index_disabled(true);
    for column in ["id", "source", "document", "group", "unit"] {
        builder = builder.set_column_statistics_enabled(column.into(), EnabledStatistics::Chunk);
    }
    let pictures = ["images", "list", "element", "bytes"]
        .map(str::to_owned)
        .to_vec();
    builder
        .set_column_dictionary_page_size_limit(ColumnPath::new(pictures), PICTURE_DICTIONARY)
        .build()
}

/// A Parquet file that somebody gave us. Whatever its bytes, reading ends in rows or in a
/// message: decoders meet damaged lengths and offsets here that they may answer with a panic.
pub(crate) struct FileReader {
    bytes: Bytes,
    metadata: ArrowReaderMetadata,
    /// Rows of each row group.
    pub rows: Vec<usize>,
}

impl FileReader {
    /// Reads the footer and compares the columns.
    pub fn open(bytes: Vec<u8>, schema: &SchemaRef) -> Result<Self, String> {
        let bytes = Bytes::from(bytes);
        guarded(|| {
            let metadata = ArrowReaderMetadata::load(&bytes, ArrowReaderOptions::default())
                .map_err(|cause| cause.to_string())?;
            // With the metadata by which loaders decode pictures.
            if metadata.schema() != schema {
                return Err("the columns are not those of this format".to_owned());
            }
            let rows = metadata
                .metadata()
                .row_groups()
                .iter()
                .map(|group| usize::try_from(group.num_rows()).map_err(|cause| cause.to_string()))
                .collect::<Result<Vec<usize>, String>>()?;
            Ok(Self {
                bytes: bytes.clone(),
                metadata,
                rows,
            })
        })
    }

    /// The rows of a row group, in steps of at most [`STEP`].
    pub fn row_group(&self, index: usize) -> Result<Vec<RecordBatch>, String> {
        let expect = *self.rows.get(index).ok_or("no such row group")?;
        let batches = guarded(|| {
            let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(
                self.bytes.clone(),
                self.metadata.clone(),
            );
            builder
                .with_row_groups(vec![index])
                .with_batch_size(STEP)
                .build()
                .map_err(|cause| cause.to_string())?
                .collect::<Result<Vec<RecordBatch>, _>>()
                .map_err(|cause| cause.to_string())
        })?;
        let found: usize = batches.iter().map(RecordBatch::num_rows).sum();
        if found == expect {
            Ok(batches)
        } else {
            Err(format!(
                "the row group announces {expect} rows and has {found}"
            ))
        }
    }
}

/// Turns a panic of a decoder into a message. The closure's captures are dropped or only
/// read afterwards, so nothing half-changed is seen.
fn guarded<T>(work: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err("the decoder failed".to_owned()))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow_array::{ArrayRef, BinaryArray, Int32Array};

    use super::*;
    use crate::columns::batch::{lists, structs, texts};
    use crate::columns::schema;
    use crate::folder::{MemoryFolder, Packer};

    /// A file with the one column `images` whose rows show these pictures.
    fn file(pictures: &[&[u8]]) -> usize {
        let bytes: BinaryArray = pictures.iter().copied().map(Some).collect();
        let paths = texts(pictures.iter().map(|_| Some("images/x.png")));
        let values =
            structs(schema::image_fields(), vec![Arc::new(bytes), paths]).expect("structs");
        let column = lists(pictures.iter().map(|_| 1), values).expect("lists");
        let batch = RecordBatch::try_from_iter([("images", column)]).expect("a batch");
        let mut folder = MemoryFolder::default();
        let mut packer = Packer::new(&mut folder);
        let sink = packer.create("x").expect("a sink");
        let mut writer = FileWriter::new(sink, batch.schema()).expect("a writer");
        for start in (0..pictures.len()).step_by(STEP) {
            let rows = STEP.min(pictures.len() - start);
            writer.write(&batch.slice(start, rows)).expect("rows");
        }
        packer
            .done(writer.finish().expect("an end"))
            .expect("a file");
        folder.files()["x"].len()
    }

    /// Bytes that do not compress.
    fn noise(seed: u64, size: usize) -> Vec<u8> {
        let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
        std::iter::repeat_with(|| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state.to_le_bytes()[3]
        })
        .take(size)
        .collect()
    }

    #[test]
    fn a_repeated_picture_costs_its_bytes_once_per_row_group() {
        let (one, other) = (noise(1, 3 << 20), noise(2, 3 << 20));
        let once = file(&[&one, &other]);
        let repeated: Vec<&[u8]> = (0..200)
            .map(|i| {
                if i % 2 == 0 {
                    one.as_slice()
                } else {
                    other.as_slice()
                }
            })
            .collect();
        let often = file(&repeated);
        assert!(once > 6 << 20, "noise does not compress: {once}");
        assert!(
            often < once + 2_000,
            "{often} bytes for 200 rows, {once} for 2"
        );
    }

    #[test]
    fn a_panic_is_a_message() {
        assert_eq!(
            guarded::<()>(|| panic!("told")),
            Err("the decoder failed".to_owned())
        );
    }

    #[test]
    fn other_columns_are_refused() {
        let column: ArrayRef = Arc::new(Int32Array::from(vec![1]));
        let batch = RecordBatch::try_from_iter([("id", column)]).expect("a batch");
        let mut folder = MemoryFolder::default();
        let mut packer = Packer::new(&mut folder);
        let sink = packer.create("x").expect("a sink");
        let mut writer = FileWriter::new(sink, batch.schema()).expect("a writer");
        writer.write(&batch).expect("rows");
        packer
            .done(writer.finish().expect("an end"))
            .expect("a file");
        let bytes = folder.files().remove("x").expect("the file");
        assert!(FileReader::open(bytes, &schema::data_schema()).is_err());
    }
}
