"""Pure knowledge of MediaWiki and Flow: ids, timestamps, schemas. No input, no output."""
