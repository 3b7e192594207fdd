package io.vigie.deploy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** The manifests as they stand, and what an overlay makes of them. */
final class Manifests {
  static final Path ROOT = Path.of(System.getProperty("vigie.root"));
  static final Path DIRECTORY = ROOT.resolve("deploy/kubernetes");

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Map<String, List<JsonNode>> RENDERED = new ConcurrentHashMap<>();
  private static final boolean KUSTOMIZE = kustomize();

  private Manifests() {}

  /** All files. */
  static List<Path> files() {
    return files(DIRECTORY);
  }

  static List<Path> files(Path directory) {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A kustomization of a directory, which may be a component. */
  static JsonNode kustomization(Path directory) {
    return read(directory.resolve("kustomization.yaml")).get(0);
  }

  /** The documents of a file. No key may stand in it twice. */
  static List<JsonNode> read(Path file) {
    return documents(text(file));
  }

  static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<JsonNode> documents(String yaml) {
    LoaderOptions strict = new LoaderOptions();
    strict.setAllowDuplicateKeys(false);
    List<JsonNode> documents = new ArrayList<>();
    new Yaml(new SafeConstructor(strict))
        .loadAll(yaml)
        .forEach(document -> documents.add(JSON.valueToTree(document)));
    return documents;
  }

  /**
   * What would be applied. The test that asks is skipped where no kubectl with Kustomize 5 is
   * installed.
   */
  static List<JsonNode> rendered(String overlay) {
    assumeTrue(KUSTOMIZE, "no kubectl with Kustomize 5 is installed: overlays are not rendered");
    return RENDERED.computeIfAbsent(
        overlay, any -> documents(kubectl("kustomize", DIRECTORY.resolve(overlay).toString())));
  }

  private static boolean kustomize() {
    try {
      return kubectl("version", "--client").contains("Kustomize Version: v5");
    } catch (UncheckedIOException e) {
      return false;
    }
  }

  private static String kubectl(String... arguments) {
    List<String> command = new ArrayList<>(List.of("kubectl"));
    command.addAll(List.of(arguments));
    return run(command);
  }

  /** What a program says, which ends well. */
  static String run(List<String> command) {
    try {
      Process program = new ProcessBuilder(command).redirectErrorStream(true).start();
      String said = new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertEquals(0, program.waitFor(), said);
      return said;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  static String kind(JsonNode manifest) {
    return manifest.path("kind").asText();
  }

  static String name(JsonNode manifest) {
    return manifest.at("/metadata/name").asText();
  }

  static List<JsonNode> ofKind(List<JsonNode> manifests, String kind) {
    return manifests.stream().filter(manifest -> kind(manifest).equals(kind)).toList();
  }

  /** What a JSON array holds, or nothing where there is none. */
  static Stream<JsonNode> each(JsonNode array) {
    return Stream.iterate(0, i -> i < array.size(), i -> i + 1).map(array::get);
  }

  static List<String> texts(JsonNode array) {
    return each(array).map(JsonNode::asText).toList();
  }
}
