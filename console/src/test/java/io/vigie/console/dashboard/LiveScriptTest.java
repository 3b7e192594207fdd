package io.vigie.console.dashboard;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.vigie.console.Programs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * The script by which dashboards follow what happens, run by itself in Node: {@code live-cases.js}
 * has what it must do and when.
 */
class LiveScriptTest {

  @TempDir Path folder;

  @Test
  void dashboardsAskWhenTheyAreToldAndNotAllAtOnceAndRestAndWallsNeverStop() throws Exception {
    Path node = Programs.find("node", "nodejs");
    assumeTrue(node != null, "node is not here: apt install nodejs");
    String source =
        new ObjectMapper().writeValueAsString(resource("/META-INF/resources/own/live.js"));
    Path script =
        Files.writeString(
            folder.resolve("script.js"),
            "const source = " + source + ";\n" + resource("/live-cases.js"));
    assertEquals("FOUND [] END", Programs.said(folder, node.toString(), script.toString()).strip());
  }

  private static String resource(String path) throws IOException {
    try (InputStream file = LiveScriptTest.class.getResourceAsStream(path)) {
      return new String(file.readAllBytes(), UTF_8);
    }
  }
}
