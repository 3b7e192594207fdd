package io.vigie.bench;

import java.net.http.HttpResponse;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a browser that was never here gets for the console's first page once somebody signed in: the
 * page, its files, and the part that it fetches later, headers included. The other side is the same
 * for a browser that takes nothing compressed.
 */
final class ConsoleFirstLoad implements Benchmark {

  private static final Pattern FILE =
      Pattern.compile("<(?:link|script|img) [^>]*?(?:href|src)=\"([^\"]+)\"");
  private static final Pattern PART = Pattern.compile("hx-get=\"([^\"]+)\" hx-trigger=\"load\"");

  /** Stylesheets, scripts, the sign and the part: fewer would be another page. */
  private static final int FEWEST = 5;

  @Override
  public String name() {
    return "console-first-load";
  }

  @Override
  public List<Row> run(Bed bed) throws Exception {
    bed.everything();
    Visitor visitor = Visitor.signIn(bed.stack().url("console"), "ciso");
    return List.of(
        new Row(
                name(),
                new Samples(kilobytes(visitor, "gzip")),
                "kB",
                "nothing compressed",
                new Samples(kilobytes(visitor, "identity")),
                Goal.atMost(300, "kB"))
            .counted());
  }

  private static double kilobytes(Visitor visitor, String encoding) throws Exception {
    HttpResponse<byte[]> page = visitor.get("/", "Accept-Encoding", encoding);
    String text = Visitor.text(page);
    Set<String> files = named(FILE, text);
    Set<String> parts = named(PART, text);
    if (files.size() + parts.size() < FEWEST) {
      throw new IllegalStateException("the first page has but " + files + " and " + parts);
    }
    long bytes = bytes(page);
    for (String file : files) {
      bytes += bytes(visitor.get(file, "Accept-Encoding", encoding));
    }
    for (String part : parts) {
      bytes += bytes(visitor.get(part, "Accept-Encoding", encoding, "HX-Request", "true"));
    }
    return bytes / 1e3;
  }

  /** Each once, as it is fetched. */
  private static Set<String> named(Pattern pattern, String page) {
    Set<String> named = new LinkedHashSet<>();
    for (Matcher found = pattern.matcher(page); found.find(); ) {
      named.add(found.group(1));
    }
    return named;
  }

  private static long bytes(HttpResponse<byte[]> answer) {
    long headers =
        answer.headers().map().entrySet().stream()
            .flatMap(header -> header.getValue().stream().map(value -> header.getKey() + value))
            .mapToLong(header -> header.length() + ": \r\n".length())
            .sum();
    return headers + answer.body().length;
  }
}
