"""Makes DICOM objects with planted identities, and the key to them."""
