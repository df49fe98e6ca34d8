"""Template and data to PDF or page images, by Typst; does not know where figures come from."""
