package io.vigie.incident.notice;

import java.util.regex.Pattern;

/** What a failure says, as it may be kept: mail servers repeat the address that they refuse. */
final class FailureText {

  static final int LONGEST = 500;

  private static final Pattern ADDRESS = Pattern.compile("[^\\s<>\"',;:()]+@[^\\s<>\"',;:()]+");

  private FailureText() {}

  /** Without addresses and control characters, {@value #LONGEST} characters at most. */
  static String of(Throwable failure) {
    String message = failure.getMessage();
    String text =
        ADDRESS
            .matcher(message == null ? failure.getClass().getSimpleName() : message)
            .replaceAll("(address)")
            .replaceAll("\\p{Cntrl}+", " ");
    return text.length() > LONGEST ? text.substring(0, LONGEST) : text;
  }
}
