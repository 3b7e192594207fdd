package io.vigie.verifier;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What is no evidence pack; what one proves is tested on those that audit-service makes. */
class EvidencePackTest {

  private static final String KEY =
      "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx";
  private static final String MANIFEST =
      """
      {"format":"vigie-evidence/1","origin":"o","about":"asset/1","size":"1","count":"0","withheld":"0"}"""
          .strip();

  private static byte[] zip(Map<String, String> files) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (Map.Entry<String, String> file : files.entrySet()) {
        zip.putNextEntry(new ZipEntry(file.getKey()));
        zip.write(file.getValue().getBytes(StandardCharsets.UTF_8));
      }
    }
    return bytes.toByteArray();
  }

  private static EvidencePack.Proven verify(byte[] pack) throws Exception {
    return EvidencePack.verify(new ByteArrayInputStream(pack), List.of(KEY));
  }

  @Test
  void whatIsNoArchiveOrNoPackIsUnusable() throws Exception {
    assertThrows(Unusable.class, () -> verify(new byte[0]));
    assertThrows(Unusable.class, () -> verify("no archive".getBytes(StandardCharsets.UTF_8)));
    assertThrows(Unusable.class, () -> verify(zip(Map.of("letter.txt", "hello"))));
    String other = MANIFEST.replace("evidence/1", "evidence/9");
    assertThrows(Unusable.class, () -> verify(zip(Map.of("manifest.json", other))));
  }

  @Test
  void aPackWithoutCheckpointProvesNothing() {
    Rejected found =
        assertThrows(Rejected.class, () -> verify(zip(Map.of("manifest.json", MANIFEST))));
    assertTrue(found.getMessage().contains("lacks checkpoint"), found::getMessage);
  }

  @Test
  void aCheckpointThatNobodyKnownSignedProvesNothing() {
    Map<String, String> files = new LinkedHashMap<>();
    files.put("manifest.json", MANIFEST);
    files.put("checkpoint", "o\n1\n" + "A".repeat(43) + "=\n\n— o " + "A".repeat(92) + "\n");
    assertThrows(Rejected.class, () -> verify(zip(files)));
  }
}
