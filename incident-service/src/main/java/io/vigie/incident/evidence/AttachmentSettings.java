package io.vigie.incident.evidence;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

import io.smallrye.config.ConfigMapping;

/** Where files are kept, and what looks for viruses in them. */
@ConfigMapping(prefix = "vigie.attachments")
public interface AttachmentSettings {

  /** Without it, no file is taken. */
  Optional<Path> directory();

  /**
   * A program and its arguments, to which the path of the file is added. It ends with 0 where the
   * file is clean, with 1 where it is infected. Without a command no file is looked at.
   */
  Optional<List<String>> scanCommand();

  /** How long the program may take. */
  Duration scanTimeLimit();
}
