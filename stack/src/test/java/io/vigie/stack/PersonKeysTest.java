package io.vigie.stack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.Map;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

class PersonKeysTest {

  @TempDir Path root;
  private Site site;

  @BeforeEach
  void aSite() throws IOException {
    site = new Site(root, root.resolve("state"), root.resolve("cache"), 0);
    site.create();
  }

  private Path file(String variable) {
    return Path.of(PersonKeys.environment(site).get(variable));
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  @Test
  void theyAreMadeOnceForTheirOwnerAloneAndAwayFromTheDatabase() throws IOException {
    PersonKeys.prepare(site);
    Path directory = file("VIGIE_LOG_KEYS_DIR");
    Path master = file("VIGIE_LOG_KEYS_MASTER_FILE");
    String made = Files.readString(master);
    PersonKeys.prepare(site);

    assertEquals("rwx------", permissions(directory));
    assertEquals("rw-------", permissions(master));
    assertEquals(32, Base64.getDecoder().decode(made).length);
    assertEquals(made, Files.readString(master));
    Path data = site.data("postgres").getParent().toAbsolutePath();
    assertFalse(directory.startsWith(data) || master.startsWith(data));
    assertFalse(master.startsWith(directory));
  }

  @Test
  void aWipedSiteHasNoneOfThem() throws IOException {
    PersonKeys.prepare(site);
    Map<String, String> environment = PersonKeys.environment(site);
    site.wipe();
    environment.values().forEach(path -> assertFalse(Files.exists(Path.of(path)), path));
  }
}
