package io.vigie.backup.tool;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ManifestTest {

  private static final String EMPTY =
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

  @TempDir Path folder;

  private Manifest manifest(String text) throws IOException {
    return Manifest.read(Files.writeString(folder.resolve("manifest"), text));
  }

  @Test
  void aSampleHasEachFileOnceAndNoMoreThanThereAre() throws IOException {
    Manifest manifest = manifest(EMPTY + "  /a\n" + EMPTY + " *b c\n");

    assertEquals(1, manifest.sample(1).size());
    assertEquals(
        List.of("/a", "b c"),
        manifest.sample(9).stream().map(Manifest.Entry::path).sorted().toList());
  }

  @Test
  void aFileIsComparedWhereItWasRestored() throws IOException {
    Path sandbox = Files.createDirectory(folder.resolve("sandbox"));
    Files.createDirectory(sandbox.resolve("srv"));
    Files.writeString(sandbox.resolve("srv/line\nend"), "");
    Manifest.Entry file = manifest("\\" + EMPTY + "  /srv/line\\nend\n").sample(1).get(0);

    assertNull(file.difference(sandbox));
    Files.writeString(sandbox.resolve("srv/line\nend"), "x");
    assertEquals("/srv/line\nend is not as it was", file.difference(sandbox));
    Files.delete(sandbox.resolve("srv/line\nend"));
    assertEquals("/srv/line\nend is missing", file.difference(sandbox));
    assertEquals(
        "../manifest is outside of what was restored",
        new Manifest.Entry("../manifest", EMPTY).difference(sandbox));
  }

  @Test
  void aLinkIsComparedOnlyWhereItLeadsToWhatWasRestored() throws IOException {
    Path sandbox = Files.createDirectory(folder.resolve("sandbox"));
    Path live = Files.createDirectory(folder.resolve("live"));
    Files.writeString(live.resolve("file"), "");
    Files.createSymbolicLink(sandbox.resolve("link"), live.resolve("file"));
    Files.createSymbolicLink(sandbox.resolve("srv"), live);
    Files.createSymbolicLink(sandbox.resolve("broken"), folder.resolve("none"));
    Files.writeString(sandbox.resolve("restored"), "");
    Files.createSymbolicLink(sandbox.resolve("inside"), Path.of("restored"));
    Path alias = Files.createSymbolicLink(folder.resolve("alias"), sandbox);

    assertEquals(
        "/link is outside of what was restored",
        new Manifest.Entry("/link", EMPTY).difference(sandbox));
    assertEquals(
        "/srv/file is outside of what was restored",
        new Manifest.Entry("/srv/file", EMPTY).difference(sandbox));
    assertEquals("/broken is missing", new Manifest.Entry("/broken", EMPTY).difference(sandbox));
    assertNull(new Manifest.Entry("/inside", EMPTY).difference(sandbox));
    assertNull(new Manifest.Entry("/inside", EMPTY).difference(alias));
  }

  @Test
  void aPathThatIsRelativeToTheFolderStartsBelowIt() throws IOException {
    assertEquals("srv/a", manifest(EMPTY + "  ./srv/a\n").sample(1).get(0).path());
    assertEquals("srv/./a", manifest(EMPTY + "  .//./srv/./a\n").sample(1).get(0).path());
    assertEquals(".a", manifest(EMPTY + "  .a\n").sample(1).get(0).path());
  }

  @Test
  void aFileNameThatIsNotUtf8CannotBeRead() throws IOException {
    Path latin =
        Files.write(
            folder.resolve("latin"), (EMPTY + "  /é\n").getBytes(StandardCharsets.ISO_8859_1));

    IOException refused = assertThrows(IOException.class, () -> Manifest.read(latin));

    assertTrue(refused.getMessage().endsWith("not UTF-8"), refused.getMessage());
  }

  @Test
  void whatSha256sumDoesNotWriteIsNoManifest() {
    assertThrows(IOException.class, () -> manifest("no manifest\n"));
    assertThrows(IOException.class, () -> manifest(""));
    assertThrows(IOException.class, () -> Manifest.read(folder.resolve("none")));
  }
}
