package io.vigie.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;

class BooksTest {

  private static final Pattern GROUP =
      Pattern.compile("(?m)^mp\\.messaging\\.incoming\\.[^=]+\\.group\\.id=(\\S+)$");

  /** The groups that listeners of the services read topics as. */
  private static Set<String> groups() throws IOException {
    Path root = Path.of(System.getProperty("vigie.root"));
    Set<String> groups = new TreeSet<>();
    for (String service : Platform.SERVICES) {
      groups.add(service + "-revocations"); // as the kernel has it
      Path settings = root.resolve(service + "-service/src/main/resources/application.properties");
      GROUP
          .matcher(Files.readString(settings))
          .results()
          .map(group -> group.group(1))
          .forEach(groups::add);
    }
    return groups;
  }

  @Test
  void theBooksAreBalancedOnceEveryGroupHasReadWhatItIsTold() throws IOException {
    assertEquals(groups(), new TreeSet<>(Books.LISTENERS));
  }
}
