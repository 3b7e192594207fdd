package io.vigie.asset.print;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.Map;
import javax.imageio.ImageIO;

import com.google.zxing.BarcodeFormat;
import com.google.zxing.EncodeHintType;
import com.google.zxing.WriterException;
import com.google.zxing.common.BitMatrix;
import com.google.zxing.qrcode.QRCodeWriter;
import com.google.zxing.qrcode.decoder.ErrorCorrectionLevel;

/** A QR code (ISO/IEC 18004) that survives a scratched label: error correction level Q. */
final class QrCode {

  /** White modules around the code, as many as the standard asks for. */
  private static final int QUIET_ZONE = 4;

  private static final Map<EncodeHintType, Object> HINTS =
      Map.of(
          EncodeHintType.ERROR_CORRECTION,
          ErrorCorrectionLevel.Q,
          EncodeHintType.MARGIN,
          QUIET_ZONE,
          EncodeHintType.CHARACTER_SET,
          "UTF-8");

  /** Points of the picture for each module of the code. */
  private static final int SCALE = 6;

  private QrCode() {}

  /** A picture of it, as the address of an image in a page. */
  static String picture(String text) {
    try {
      BitMatrix code = new QRCodeWriter().encode(text, BarcodeFormat.QR_CODE, 0, 0, HINTS);
      int width = code.getWidth() * SCALE;
      BufferedImage image = new BufferedImage(width, width, BufferedImage.TYPE_BYTE_BINARY);
      for (int x = 0; x < width; x++) {
        for (int y = 0; y < width; y++) {
          image.setRGB(x, y, code.get(x / SCALE, y / SCALE) ? 0 : 0xFFFFFF);
        }
      }
      ByteArrayOutputStream png = new ByteArrayOutputStream();
      ImageIO.write(image, "png", png);
      return "data:image/png;base64," + Base64.getEncoder().encodeToString(png.toByteArray());
    } catch (WriterException e) {
      throw new IllegalArgumentException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
