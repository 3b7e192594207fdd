package io.vigie.console.trace;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vigie.console.Programs;
import io.vigie.console.Programs.Chromium;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * The script that verifies receipts in browsers, run by itself in Node or, where there is none, in
 * Chromium: {@code verify-cases.js} has what it must accept and refuse.
 */
class VerifyScriptTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String TESSERA =
      "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx";

  @TempDir Path folder;

  @Test
  void receiptsOfTheLogAreVerifiedAndWhateverIsChangedInThemIsNot() throws Exception {
    JsonNode found = run(List.of(), List.of());
    assertEquals("[]", found.get("failures").toString());
    assertTrue(found.get("changed").intValue() > 4_000, found::toString);
  }

  @Test
  void vectorsOfOthersGetTheirVerdictAndTheirCheckpointsAreSigned() throws Exception {
    Path data = Path.of(System.getProperty("vigie.root", ".."), "../shared/data").normalize();
    assumeTrue(Files.isDirectory(data), "the vectors are not beside this checkout: " + data);
    List<Path> vectors = files(data.resolve("merkle/inclusion"), ".json");
    List<Path> notes =
        files(data.resolve("tlog/tessera-log"), "").stream()
            .filter(file -> file.getFileName().toString().matches("checkpoint\\.[1-9][0-9]*"))
            .toList();

    JsonNode found = run(vectors, notes);

    assertEquals("[]", found.get("failures").toString());
    assertEquals(
        vectors.size(), found.get("accepted").intValue() + found.get("refused").intValue());
    assertTrue(found.get("accepted").intValue() >= 5, found::toString);
    assertTrue(found.get("refused").intValue() >= 80, found::toString);
    assertTrue(found.get("notes").intValue() >= 5, found::toString);
  }

  private static List<Path> files(Path folder, String end) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(file -> Files.isRegularFile(file) && file.toString().endsWith(end))
          .sorted()
          .toList();
    }
  }

  private JsonNode run(List<Path> vectors, List<Path> notes) throws Exception {
    ObjectNode given = (ObjectNode) JSON.readTree(resource("/receipts.json"));
    given.put("foreign", TESSERA);
    given.put("isEachChanged", vectors.isEmpty());
    ArrayNode all = given.putArray("vectors");
    for (Path file : vectors) {
      ObjectNode vector = (ObjectNode) JSON.readTree(file.toFile());
      // Of 64 bits, which the numbers of JavaScript have not.
      for (String number : List.of("leafIdx", "treeSize")) {
        vector.put(number, vector.get(number).asText());
      }
      all.add(vector.put("file", file.toString()));
    }
    ArrayNode signed = given.putArray("notes");
    for (Path file : notes) {
      signed.add(Files.readString(file));
    }
    String script =
        resource("/META-INF/resources/own/verify.js")
            + "const given = "
            + given
            + ";\n"
            + resource("/verify-cases.js");
    String said = said(script);
    int from = said.indexOf("FOUND ");
    assertTrue(from >= 0, said);
    return JSON.readTree(said.substring(from + "FOUND ".length(), said.indexOf(" END", from)));
  }

  private String said(String script) throws Exception {
    Path node = Programs.find("node", "nodejs");
    assumeTrue(
        node != null || Chromium.isHere(), "neither node nor chromium is here: apt install nodejs");
    if (node != null) {
      Path file = Files.writeString(folder.resolve("script.js"), script);
      return Programs.said(folder, node.toString(), file.toString());
    }
    Path page =
        Files.writeString(
            folder.resolve("page.html"),
            "<!DOCTYPE html><meta charset=\"utf-8\"><body><script>"
                + script.replace("</", "<\\/")
                + "</script>");
    try (Chromium chromium = Chromium.start(folder)) {
      return chromium.page(
          page.toUri().toString(), "document.body.textContent.startsWith('FOUND ')");
    }
  }

  private static String resource(String path) throws IOException {
    try (InputStream file = VerifyScriptTest.class.getResourceAsStream(path)) {
      return new String(file.readAllBytes(), UTF_8);
    }
  }
}
