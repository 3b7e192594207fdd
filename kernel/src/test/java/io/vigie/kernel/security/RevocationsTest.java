package io.vigie.kernel.security;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;

class RevocationsTest {

  private final Revocations revocations = new Revocations(null, null, Clock.systemUTC());

  @Test
  void ofEachTypeThatIsReadItIsDeclaredWhatEveryServiceReliesOn() throws IOException {
    TreeSet<String> read = types("events");
    read.removeIf(type -> !revocations.knows(type));

    assertEquals(types("consumers/kernel"), read);
  }

  private static TreeSet<String> types(String folder) throws IOException {
    Path path = Path.of(System.getProperty("vigie.root"), "contracts", folder);
    try (Stream<Path> files = Files.list(path)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".schema.json"))
          .map(name -> name.replace(".schema.json", ""))
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }
}
