package io.vigie.asset.print;

import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import com.google.zxing.BinaryBitmap;
import com.google.zxing.DecodeHintType;
import com.google.zxing.LuminanceSource;
import com.google.zxing.RGBLuminanceSource;
import com.google.zxing.common.GlobalHistogramBinarizer;
import com.google.zxing.qrcode.QRCodeReader;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vigie.testkit.HostileTexts;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.rendering.PDFRenderer;
import org.apache.pdfbox.text.PDFTextStripper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

import static io.vigie.kernel.security.Roles.ASSET_MANAGER;
import static io.vigie.testkit.Rest.problem;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class LabelTest {

  private static final String TOKEN = Tokens.of(ASSET_MANAGER);
  private static final int DPI = 300;

  @Test
  void aLabelSaysWhatTheAssetIsAndItsCodeLeadsToIt() throws Exception {
    String tag = "VG-" + UUID.randomUUID().toString().substring(0, 8);
    String id = register("Poste d'été <1>", tag);

    try (PDDocument document = Loader.loadPDF(label(id))) {
      String text = new PDFTextStripper().getText(document);
      assertTrue(text.contains(tag) && text.contains("Poste d'été <1>"), text);
      assertEquals("http://127.0.0.1:8080/assets/" + id, read(document));
    }
  }

  private static String register(String name, String tag) {
    return Rest.as(TOKEN)
        .body(Map.of("name", name, "kind", "LAPTOP", "assetTag", tag, "production", false))
        .post("/v1/assets")
        .then()
        .statusCode(201)
        .extract()
        .path("id");
  }

  private static byte[] label(String id) {
    return Rest.as(TOKEN)
        .get("/v1/assets/labels?id=" + id)
        .then()
        .statusCode(200)
        .contentType("application/pdf")
        .extract()
        .asByteArray();
  }

  @ParameterizedTest
  @FieldSource("io.vigie.testkit.HostileTexts#ALL")
  void aNameThatSomebodyTypedIsInertOnALabel(String hostile) throws Exception {
    String tag = "VG-" + UUID.randomUUID().toString().substring(0, 8);
    String id = register(hostile, tag);

    try (PDDocument document = Loader.loadPDF(label(id))) {
      String text = new PDFTextStripper().getText(document);
      assertTrue(text.contains(tag), text);
      if (HostileTexts.isPrintable(hostile)) {
        assertTrue(closedUp(text).contains(closedUp(hostile)), text);
      }
      assertNull(document.getDocumentCatalog().getOpenAction());
      for (PDPage page : document.getPages()) {
        assertEquals(List.of(), page.getAnnotations());
      }
    }
  }

  private static String closedUp(String text) {
    return text.replaceAll("\\s", "");
  }

  @Test
  void labelsOfNothingAndOfUnknownAssetsAreRefused() {
    problem(Rest.as(TOKEN).get("/v1/assets/labels"), 400, "validation");
    problem(Rest.as(TOKEN).get("/v1/assets/labels?id=" + UUID.randomUUID()), 404, "not-found");
  }

  /**
   * What the code on the first label of the printed sheet says. It is read where it is printed: a
   * search of the whole page finds it in 99 of 100 pictures, where a phone looks at a next one.
   */
  private static String read(PDDocument document) throws Exception {
    BufferedImage page = new PDFRenderer(document).renderImageWithDPI(0, DPI);
    int[] points = page.getRGB(0, 0, page.getWidth(), page.getHeight(), null, 0, page.getWidth());
    LuminanceSource code =
        new RGBLuminanceSource(page.getWidth(), page.getHeight(), points)
            .crop(pixels(3), pixels(3.5), pixels(30), pixels(30));
    return new QRCodeReader()
        .decode(
            new BinaryBitmap(new GlobalHistogramBinarizer(code)),
            Map.of(DecodeHintType.PURE_BARCODE, Boolean.TRUE))
        .getText();
  }

  private static int pixels(double millimetres) {
    return (int) (millimetres / 25.4 * DPI);
  }
}
