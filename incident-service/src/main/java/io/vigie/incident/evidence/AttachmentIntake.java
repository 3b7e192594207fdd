package io.vigie.incident.evidence;

import jakarta.enterprise.context.ApplicationScoped;

import io.smallrye.mutiny.Uni;
import io.vigie.incident.Aside;
import io.vigie.incident.evidence.Attachment.Kept;
import io.vigie.incident.evidence.FileTypes.FileType;
import io.vigie.kernel.Problem;
import io.vigie.kernel.Sha256;

/** Looks at files and keeps them, beside the event loop; the caller goes on where it was. */
@ApplicationScoped
class AttachmentIntake {

  private final FileTypes types;
  private final VirusScan scan;
  private final FileStore store;

  AttachmentIntake(FileTypes types, VirusScan scan, FileStore store) {
    this.types = types;
    this.scan = scan;
    this.store = store;
  }

  /**
   * Keeps a content that is of a type that is taken, and clean.
   *
   * @throws Problem 422 or 503 (as a failure of the Uni) where it is not kept
   */
  Uni<Kept> keep(byte[] content) {
    return Aside.of(
        () -> {
          FileType type = types.of(content);
          boolean scanned = scan.clean(content);
          String sha256 = Sha256.hex(content);
          store.keep(sha256, content);
          return new Kept(sha256, content.length, type, scanned);
        });
  }

  /**
   * What is kept, where it is what was brought.
   *
   * @throws Problem 409 (as a failure of the Uni) where it is not
   */
  Uni<byte[]> content(String sha256) {
    return Aside.of(
        () ->
            store
                .of(sha256)
                .filter(content -> Sha256.hex(content).equals(sha256))
                .orElseThrow(
                    () ->
                        Problem.conflict(
                            "attachment-damaged",
                            "What is kept is not what was brought. Have it checked, and tell a"
                                + " system administrator.")));
  }

  /** The digest of what is kept now; null where nothing is. */
  Uni<String> digest(String sha256) {
    return Aside.of(() -> store.of(sha256).map(Sha256::hex).orElse(null));
  }
}
