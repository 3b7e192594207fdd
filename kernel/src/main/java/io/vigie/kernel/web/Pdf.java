package io.vigie.kernel.web;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.regex.Pattern;

import com.openhtmltopdf.pdfboxout.PdfRendererBuilder;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDDocumentNameDictionary;
import org.apache.pdfbox.pdmodel.PDEmbeddedFilesNameTreeNode;
import org.apache.pdfbox.pdmodel.common.filespecification.PDComplexFileSpecification;
import org.apache.pdfbox.pdmodel.common.filespecification.PDEmbeddedFile;

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
    return render(xhtml, Map.of());
  }

  /** The same, with these files attached under their names. */
  public static Uni<byte[]> render(Supplier<String> xhtml, Map<String, byte[]> files) {
    Context context = Vertx.currentContext();
    return Uni.createFrom()
        .item(() -> attach(of(xhtml.get()), files))
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

  static byte[] attach(byte[] pdf, Map<String, byte[]> files) {
    if (files.isEmpty()) {
      return pdf;
    }
    try (PDDocument document = Loader.loadPDF(pdf)) {
      Map<String, PDComplexFileSpecification> attached = new TreeMap<>();
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        attached.put(file.getKey(), attached(document, file.getKey(), file.getValue()));
      }
      PDEmbeddedFilesNameTreeNode tree = new PDEmbeddedFilesNameTreeNode();
      tree.setNames(attached);
      PDDocumentNameDictionary names = new PDDocumentNameDictionary(document.getDocumentCatalog());
      names.setEmbeddedFiles(tree);
      document.getDocumentCatalog().setNames(names);
      ByteArrayOutputStream whole = new ByteArrayOutputStream();
      document.save(whole);
      return whole.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static PDComplexFileSpecification attached(PDDocument document, String name, byte[] file)
      throws IOException {
    PDEmbeddedFile content = new PDEmbeddedFile(document, new ByteArrayInputStream(file));
    content.setSize(file.length);
    PDComplexFileSpecification specification = new PDComplexFileSpecification();
    specification.setFile(name);
    specification.setFileUnicode(name);
    specification.setEmbeddedFile(content);
    return specification;
  }
}
