package io.vigie.deploy;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;

/** The health check of an image that has neither a shell nor curl. */
public final class Health {
  private static final int PATIENCE_MILLIS = 3_000;

  private Health() {}

  /**
   * Ends with 0 where what is given answers 200, else with 1.
   *
   * @param args a path of the application, or a whole address
   */
  public static void main(String[] args) {
    System.exit(isWell(application(args[0])) ? 0 : 1);
  }

  /** The address of a path of the application in this container. */
  static URI application(String path) {
    return URI.create("http://127.0.0.1:" + System.getenv("QUARKUS_HTTP_PORT")).resolve(path);
  }

  /** Whether the address answers 200, and begins to within 3 s. */
  static boolean isWell(URI address) {
    try {
      HttpURLConnection connection = (HttpURLConnection) address.toURL().openConnection();
      connection.setConnectTimeout(PATIENCE_MILLIS);
      connection.setReadTimeout(PATIENCE_MILLIS);
      connection.setInstanceFollowRedirects(false);
      return connection.getResponseCode() == HttpURLConnection.HTTP_OK;
    } catch (IOException e) {
      return false;
    }
  }
}
