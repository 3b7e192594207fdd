package io.vigie.stack;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Hands an export of the log to the offline verifier, which runs on its own and shares nothing with
 * the services.
 */
final class Verification {
  private final Site site;
  private final Stack stack;

  Verification(Site site, Stack stack) {
    this.site = site;
    this.stack = stack;
  }

  /**
   * Verifies the export in the file, or one taken from the running audit service when there is
   * none.
   *
   * @return the verifier's exit code: 0 when every leaf and the root are as recomputed, 1 when they
   *     are not, 2 when the file cannot be read or is no export
   */
  int of(Path export) throws IOException, InterruptedException {
    if (export != null) {
      return verify(export);
    }
    if (!stack.healthy("audit")) {
      throw new StackException(
          "The audit service does not run here. Start it (./vigie up -d) or name an export: ./vigie verify FILE");
    }
    Path fetched = Files.createTempFile(site.run(), "export", ".ndjson");
    try {
      fetch(fetched);
      return verify(fetched);
    } finally {
      Files.delete(fetched);
    }
  }

  /** Takes an export of the whole log from the running audit service. */
  void fetch(Path into) throws IOException {
    Http.send(
        HttpRequest.newBuilder(URI.create(stack.url("audit") + "/v1/log/export"))
            .header("Authorization", "Bearer " + stack.token("auditor")),
        HttpResponse.BodyHandlers.ofFile(into));
  }

  private int verify(Path export) throws IOException, InterruptedException {
    Path verifier = site.root().resolve("verifier/target/vigie-verifier.jar");
    return Tool.java(List.of("-jar", verifier.toString(), "export", export.toString()))
        .inheritIO()
        .start()
        .waitFor();
  }
}
