package io.vigie.deploy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static io.vigie.deploy.Manifests.DIRECTORY;
import static io.vigie.deploy.Manifests.each;
import static io.vigie.deploy.Manifests.kind;
import static io.vigie.deploy.Manifests.name;
import static io.vigie.deploy.Manifests.texts;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Every manifest holds nothing that its kind does not know, and none is forgotten. */
class ManifestsTest {
  private static final Set<String> OPERATIONS = Set.of("add", "remove", "replace");

  @Test
  void eachFileHoldsWhatItsKindKnows() {
    List<String> wrong = new ArrayList<>();
    for (Path file : yaml()) {
      for (JsonNode document : Manifests.read(file)) {
        Stream.concat(
                document.isArray() ? wrongSteps(document) : Kinds.wrong(document).stream(),
                each(document.path("patches"))
                    .flatMap(patch -> Manifests.documents(patch.path("patch").asText()).stream())
                    .flatMap(ManifestsTest::wrongSteps))
            .forEach(problem -> wrong.add(DIRECTORY.relativize(file) + ": " + problem));
      }
    }
    assertEquals(List.of(), wrong);
  }

  @ParameterizedTest
  @ValueSource(strings = {"overlays/production", "overlays/trial"})
  void eachOverlayIsOfWhatItsKindsKnow(String overlay) {
    List<JsonNode> rendered = Manifests.rendered(overlay);

    assertEquals(
        List.of(),
        rendered.stream()
            .flatMap(
                manifest ->
                    Kinds.wrong(manifest).stream()
                        .map(problem -> kind(manifest) + " " + name(manifest) + ": " + problem))
            .toList());
    assertEquals(
        List.of(),
        rendered.stream()
            .map(JsonNode::toString)
            .filter(
                manifest -> manifest.matches(".*\"(service-|vigie/service|[a-z/:]+\\.domain\\b).*"))
            .toList(),
        "what services share bears the name of each");
  }

  @Test
  void rulesForTheClusterAreThoseOfTheOtherStacksAndOfWhatTheirKindKnows() {
    Map<String, JsonNode> written = new TreeMap<>();
    for (Path file : Manifests.files(Manifests.ROOT.resolve("deploy/monitoring/rules"))) {
      String subject = file.getFileName().toString().replace(".yml", "");
      written.put("vigie-" + subject, Manifests.read(file).get(0).get("groups"));
    }
    Map<String, JsonNode> made = new TreeMap<>();
    String script = Manifests.ROOT.resolve("deploy/prometheus-rules.sh").toString();
    for (JsonNode rules : Manifests.documents(Manifests.run(List.of(script)))) {
      assertEquals("PrometheusRule", kind(rules));
      assertEquals(List.of(), Kinds.wrong(rules), name(rules));
      made.put(name(rules), rules.at("/spec/groups"));
    }

    assertFalse(written.isEmpty());
    assertEquals(written, made);
  }

  @Test
  void whatAKindDoesNotKnowIsFound() {
    // Given one manifest of each way to be validated, of which nothing is wrong
    List<JsonNode> manifests =
        Stream.of("service/deployment.yaml", "kafka/kafka.yaml", "common/database.yaml")
            .map(file -> Manifests.read(DIRECTORY.resolve("base/vigie").resolve(file)).get(0))
            .toList();
    manifests.forEach(manifest -> assertEquals(List.of(), Kinds.wrong(manifest)));

    // When a field is misspelt
    manifests.forEach(manifest -> ((ObjectNode) manifest.get("spec")).put("replicsa", 2));

    // Then it is said
    manifests.forEach(
        manifest -> assertTrue(Kinds.wrong(manifest).toString().contains("replicsa")));
  }

  @Test
  void eachFileIsNamedByTheKustomizationOfItsDirectoryAndThereIsEachThatIsNamed() {
    Set<Path> named = new TreeSet<>();
    Set<Path> missing = new TreeSet<>();
    for (Path file : kustomizations()) {
      named.add(file);
      for (Path path : named(file.getParent())) {
        Path found = Files.isDirectory(path) ? path.resolve("kustomization.yaml") : path;
        (Files.isRegularFile(found) ? named : missing).add(found);
      }
    }

    assertEquals(Set.of(), missing);
    assertEquals(new TreeSet<>(Manifests.files()), named);
  }

  @Test
  void eachDirectoryIsPartOfAnOverlay() {
    Set<Path> reached = new TreeSet<>();
    reach(DIRECTORY.resolve("overlays/production"), reached);
    reach(DIRECTORY.resolve("overlays/trial"), reached);

    assertEquals(
        kustomizations().stream()
            .map(Path::getParent)
            .collect(Collectors.toCollection(TreeSet::new)),
        reached);
  }

  private static void reach(Path directory, Set<Path> reached) {
    if (reached.add(directory)) {
      named(directory).stream().filter(Files::isDirectory).forEach(path -> reach(path, reached));
    }
  }

  /** Files and directories that a kustomization names. */
  private static List<Path> named(Path directory) {
    JsonNode kustomization = Manifests.kustomization(directory);
    return Stream.of(
            texts(kustomization.path("resources")).stream(),
            texts(kustomization.path("components")).stream(),
            texts(kustomization.path("transformers")).stream(),
            each(kustomization.path("configMapGenerator"))
                .flatMap(map -> texts(map.path("envs")).stream()),
            each(kustomization.path("patches"))
                .filter(patch -> patch.has("path"))
                .map(patch -> patch.get("path").asText()))
        .flatMap(names -> names)
        .map(name -> directory.resolve(name).normalize())
        .toList();
  }

  private static List<Path> kustomizations() {
    return yaml().stream().filter(file -> file.endsWith("kustomization.yaml")).toList();
  }

  private static List<Path> yaml() {
    List<Path> yaml =
        Manifests.files().stream().filter(file -> file.toString().endsWith(".yaml")).toList();
    assertFalse(yaml.isEmpty());
    return yaml;
  }

  private static Stream<String> wrongSteps(JsonNode patch) {
    return each(patch.isArray() ? patch : MissingNode.getInstance())
        .filter(
            step ->
                !OPERATIONS.contains(step.path("op").asText())
                    || !step.path("path").asText().startsWith("/")
                    || step.path("op").asText().equals("remove") == step.has("value"))
        .map(step -> "no step of a JSON patch: " + step);
  }
}
