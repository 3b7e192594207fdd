package io.vigie.kernel.web;

import java.io.IOException;
import java.util.Map;

import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.text.PDFTextStripper;
import org.junit.jupiter.api.Test;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

class PdfTest {

  private static final byte[] PAGES =
      Pdf.of("<html><head><title>t</title></head><body><p>printed</p></body></html>");

  @Test
  void aFileThatIsAttachedComesOutAsItWasBesideThePages() throws IOException {
    byte[] file = "c2sp.org/tlog-proof@v1\n\u2014 \n".getBytes(UTF_8);

    byte[] pdf = Pdf.attach(PAGES, Map.of("a.tlog-proof", file));

    try (PDDocument document = Loader.loadPDF(pdf)) {
      assertTrue(new PDFTextStripper().getText(document).contains("printed"));
      var attached = document.getDocumentCatalog().getNames().getEmbeddedFiles().getNames();
      assertEquals("[a.tlog-proof]", attached.keySet().toString());
      assertEquals("a.tlog-proof", attached.get("a.tlog-proof").getFilename());
      assertArrayEquals(file, attached.get("a.tlog-proof").getEmbeddedFile().toByteArray());
    }
  }

  @Test
  void nothingIsChangedWhereNothingIsAttached() {
    assertSame(PAGES, Pdf.attach(PAGES, Map.of()));
  }
}
