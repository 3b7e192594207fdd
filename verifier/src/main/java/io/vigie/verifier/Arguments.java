package io.vigie.verifier;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The words after a command: operands, and options that each take one value and may be repeated.
 */
final class Arguments {

  /** Ample for a file of keys, a checkpoint, or a receipt with the largest payload (1 MiB). */
  static final int MAX_FILE = 4 << 20;

  private final List<String> operands = new ArrayList<>();
  private final Map<String, List<String>> options = new LinkedHashMap<>();

  /**
   * Reads the words.
   *
   * @throws Unusable when there is an option that is not known, or one without its value
   */
  static Arguments of(List<String> words, Set<String> known) throws Unusable {
    Arguments arguments = new Arguments();
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      if (!word.startsWith("--")) {
        arguments.operands.add(word);
        continue;
      }
      if (!known.contains(word)) {
        throw new Unusable("there is no option " + Terminal.quoted(word) + " here; see --help");
      }
      if (++i == words.size()) {
        throw new Unusable(word + " needs a value; see --help");
      }
      arguments.options.computeIfAbsent(word, o -> new ArrayList<>()).add(words.get(i));
    }
    return arguments;
  }

  /** The operands, as many as there must be. */
  List<String> operands(int count, String what) throws Unusable {
    if (operands.size() != count) {
      throw new Unusable("the command takes " + what + "; see --help");
    }
    return operands;
  }

  List<String> all(String option) {
    return options.getOrDefault(option, List.of());
  }

  /** The option's value, or null when it is not given. */
  String one(String option) throws Unusable {
    List<String> values = all(option);
    if (values.size() > 1) {
      throw new Unusable(option + " is given twice");
    }
    return values.isEmpty() ? null : values.get(0);
  }

  /** The value of an option that must be there. */
  String required(String option) throws Unusable {
    String value = one(option);
    if (value == null) {
      throw new Unusable(option + " is missing; see --help");
    }
    return value;
  }

  /** A value that is a file's content where there is such a file, else itself. */
  static String textOrFile(String value) throws IOException, Unusable {
    return isFile(value) ? new String(file(value), StandardCharsets.UTF_8) : value;
  }

  /** Whether a value names a file that is there. */
  static boolean isFile(String value) {
    try {
      return Files.exists(Path.of(value));
    } catch (InvalidPathException e) {
      return false;
    }
  }

  /** A whole file of at most {@value #MAX_FILE} bytes. */
  static byte[] file(String name) throws IOException, Unusable {
    try (var in = Files.newInputStream(Path.of(name))) {
      byte[] content = in.readNBytes(MAX_FILE + 1);
      if (content.length > MAX_FILE) {
        throw new Unusable(name + " is longer than " + MAX_FILE + " bytes");
      }
      return content;
    } catch (InvalidPathException e) {
      throw new Unusable(name + " is no name of a file");
    }
  }

  /**
   * The verifier keys that an option names, each as such or as a file with one a line; at least
   * one.
   */
  List<VerifierKey> keys(String option) throws IOException, Unusable {
    List<VerifierKey> keys = new ArrayList<>();
    for (String value : all(option)) {
      for (String line : textOrFile(value).split("\n")) {
        if (line.isBlank()) {
          continue;
        }
        try {
          keys.add(VerifierKey.parse(line.strip()));
        } catch (VerifierKey.Malformed e) {
          throw new Unusable(
              Terminal.quoted(line) + " is neither a file nor a verifier key: " + e.getMessage());
        }
      }
    }
    if (keys.isEmpty()) {
      throw new Unusable(option + " KEY is missing: whose signature is to be believed? See --help");
    }
    return keys;
  }
}
