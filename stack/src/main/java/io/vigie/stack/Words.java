package io.vigie.stack;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** What a program says in its log from now on; what stood there before is an earlier run's. */
final class Words {
  /** As much of the end as is read: a failure's cause may stand above a long stack trace. */
  private static final int TAIL = 1 << 16;

  private static final int LONGEST = 300;
  private static final Pattern TELLING =
      Pattern.compile(
          "error|fatal|panic|exception|cannot|could not|unable|fail|denied|refused|no space|killed",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern STACK_TRACE = Pattern.compile("\\s+at .*|\\s*\\.\\.\\. \\d+ more");

  private final Path log;
  private final long from;

  private Words(Path log, long from) {
    this.log = log;
    this.from = from;
  }

  static Words from(Path log) {
    return new Words(log, size(log));
  }

  /**
   * What the user is told of a start that failed, on one line: what happened, what the program said
   * last about it, where its log is, what to do.
   */
  String failure(String what) {
    String last = last();
    return what
        + (last.isEmpty() ? "" : ": " + last)
        + (last.endsWith(".") ? "" : ".")
        + " Its log: "
        + log
        + ". Mend that, then ./vigie up";
  }

  /** The last line that tells of a failure, else the last line; empty when it said nothing. */
  String last() {
    List<String> said =
        tail()
            .lines()
            .filter(line -> !line.isBlank() && !STACK_TRACE.matcher(line).matches())
            .map(String::strip)
            .toList();
    String last =
        said.stream()
            .filter(line -> TELLING.matcher(line).find())
            .reduce((earlier, later) -> later)
            .orElse(said.isEmpty() ? "" : said.get(said.size() - 1));
    return last.length() > LONGEST ? last.substring(0, LONGEST) + "…" : last;
  }

  private String tail() {
    try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
      long length = file.length();
      file.seek(Math.min(length, Math.max(from, length - TAIL)));
      byte[] bytes = new byte[(int) Math.min(TAIL, length - file.getFilePointer())];
      file.readFully(bytes);
      return new String(bytes, StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "";
    }
  }

  private static long size(Path log) {
    try {
      return Files.size(log);
    } catch (IOException e) {
      return 0;
    }
  }
}
