package io.vigie.audit.control;

import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

import jakarta.inject.Singleton;

import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Problem;
import io.vigie.kernel.web.Pdf;

/** Makes pages of one document at a time: each takes a processor, and memory. */
@Singleton
class Printing {

  final Semaphore rendering = new Semaphore(1);

  /** The document as PDF; 503 while another one is made. */
  Uni<byte[]> pages(Supplier<String> xhtml) {
    if (!rendering.tryAcquire()) {
      return Uni.createFrom().failure(Problem.overloaded());
    }
    Uni<byte[]> pages = Pdf.render(xhtml).onTermination().invoke(() -> rendering.release());
    // Apart from the request: were that given up, the renderer would work on all the same.
    return Uni.createFrom()
        .emitter(caller -> pages.subscribe().with(caller::complete, caller::fail));
  }
}
