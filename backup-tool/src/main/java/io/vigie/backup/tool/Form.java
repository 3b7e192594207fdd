package io.vigie.backup.tool;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;

/** What tools write of a run that the platform reads as it is: more than an exit code says. */
enum Form {
  /** What {@code restic backup --json} writes. */
  RESTIC("restic", "application/x-ndjson"),
  /** What {@code borg create --json} writes. */
  BORG("borg", "application/json");

  private final String path;
  private final String contentType;

  Form(String path, String contentType) {
    this.path = path;
    this.contentType = contentType;
  }

  /**
   * @throws IllegalArgumentException when there is no form of this name
   */
  static Form named(String name) {
    for (Form form : values()) {
      if (form.path.equals(name)) {
        return form;
      }
    }
    throw new IllegalArgumentException("--form is restic or borg");
  }

  /** Below {@code /v1/runs}, with what the tool may leave unsaid. */
  String target(String plan, Instant startedAt) {
    String more =
        this == RESTIC
            ? "startedAt=" + startedAt
            : "zone=" + URLEncoder.encode(ZoneId.systemDefault().getId(), StandardCharsets.UTF_8);
    return "/" + path + "?plan=" + plan + "&" + more;
  }

  String contentType() {
    return contentType;
  }

  @Override
  public String toString() {
    return path;
  }
}
