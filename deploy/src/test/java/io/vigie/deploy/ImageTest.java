package io.vigie.deploy;

import java.util.Set;
import java.util.TreeSet;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ImageTest {
  static Iterable<String> modules() {
    return Settings.MODULES;
  }

  @ParameterizedTest
  @MethodSource("modules")
  void anApplicationIsNotKeptFromStartingByASettingWithoutAValue(String module) {
    Settings settings = Settings.of(module);
    Set<String> without = new TreeSet<>(settings.needed());
    settings.inFiles().stream()
        .filter(property -> !settings.inFile(property).isEmpty())
        .forEach(property -> without.remove(Settings.variable(property)));
    assertTrue(without.contains("VIGIE_DB_PASSWORD"), without::toString);

    without.removeAll(Image.TRAINED_WITH.keySet());
    assertEquals(Set.of(), without);
  }
}
