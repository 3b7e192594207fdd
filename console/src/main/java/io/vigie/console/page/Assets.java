package io.vigie.console.page;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import jakarta.inject.Named;
import jakarta.inject.Singleton;

/**
 * The files that pages are made with. Their addresses change with what they hold, so that a browser
 * can keep each for good. Templates have it as {@code inject:assets}.
 */
@Named("assets")
@Singleton
public class Assets {

  private final Map<String, String> addresses = new ConcurrentHashMap<>();

  /**
   * The address of a file.
   *
   * @throws IllegalStateException when there is no such file
   */
  public String at(String path) {
    return addresses.computeIfAbsent(path, file -> file + "?" + digest(file));
  }

  private static String digest(String path) {
    try (InputStream file =
        Thread.currentThread()
            .getContextClassLoader()
            .getResourceAsStream("META-INF/resources" + path)) {
      if (file == null) {
        throw new IllegalStateException("There is no file " + path + ".");
      }
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(file.readAllBytes());
      return HexFormat.of().formatHex(hash, 0, 8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
