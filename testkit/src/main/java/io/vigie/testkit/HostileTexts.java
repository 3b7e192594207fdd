package io.vigie.testkit;

import java.util.List;

/**
 * What somebody may type into a name, a title or a note that is printed later: a script, a way out
 * of the page, an end of the markup, and characters that no page can have. Each has less than 100
 * characters.
 */
public final class HostileTexts {

  public static final List<String> ALL =
      List.of(
          "<script>alert(1)</script><img src=\"http://evil.example/x\" onerror=\"alert(1)\"/>",
          "</h1></body><a href=\"file:///etc/passwd\">{config:vigie} {inject:vigie}</a>",
          "&amp; &#x3c; ]]> <!-- <![CDATA[",
          "control \u0001\u0008\u001b\ufffe, surrogate \ud83d\ude00, and \u202e back");

  private HostileTexts() {}

  /** Whether a page can have all of its characters, and so has it as it is. */
  public static boolean isPrintable(String text) {
    return text.matches("\\p{ASCII}*");
  }
}
