package io.vigie.kernel.web;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.Supplier;
import java.util.regex.Pattern;

import com.openhtmltopdf.pdfboxout.PdfRendererBuilder;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.vertx.core.Context;
import io.vertx.core.Vertx;

/**
 * Pages from well-formed XHTML and its own style sheet; nothing is fetched from anywhere. A service
 * that prints depends on the renderer itself, {@code openhtmltopdf-pdfbox}.
 */
public final class Pdf {

  /** Characters that no XML document has, and texts of people may have. */
  private static final Pattern NO_XML =
      Pattern.compile("[^\\t\\n\\r\\x20-\\uD7FF\\uE000-\\uFFFD\\x{10000}-\\x{10FFFF}]");

  private Pdf() {}

  /** The document as PDF, made beside the event loop; the caller goes on where it was. */
  public static Uni<byte[]> render(Supplier<String> xhtml) {
    Context context = Vertx.currentContext();
    return Uni.createFrom()
        .item(() -> of(xhtml.get()))
        .runSubscriptionOn(Infrastructure.getDefaultWorkerPool())
        .emitOn(task -> context.runOnContext(ignored -> task.run()));
  }

  /** The document as PDF. Its fonts have the characters of Western European languages. */
  static byte[] of(String xhtml) {
    ByteArrayOutputStream pdf = new ByteArrayOutputStream();
    PdfRendererBuilder builder = new PdfRendererBuilder();
    builder.useUriResolver((base, uri) -> uri != null && uri.startsWith("data:") ? uri : null);
    builder.withHtmlContent(NO_XML.matcher(xhtml).replaceAll("?"), null);
    builder.toStream(pdf);
    try {
      builder.run();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return pdf.toByteArray();
  }
}
