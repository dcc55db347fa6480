/// Replaces entities with their characters, once: `&amp;lt;` becomes `&lt;`.
///
/// An entity needs its semicolon, so that `AT&T` or `?a=1&copy=2` stay as they are. Names that HTML 4 does not define
/// stay, too. O(scalars).
func unescapingHTML(_ text: some ScalarText) -> [Unicode.Scalar] {
  var result: [Unicode.Scalar] = []
  result.reserveCapacity(text.count)
  var position = 0
  while position < text.count {
    if text[position] == "&", let entity = entity(in: text, at: position) {
      result.append(entity.scalar)
      position = entity.end
    } else {
      result.append(text[position])
      position += 1
    }
  }
  return result
}

/// The scalar that an entity denotes, and the entity's end.
private func entity(in text: some ScalarText, at start: Int) -> (scalar: Unicode.Scalar, end: Int)? {
  var position = start + 1
  guard position < text.count else { return nil }
  if text[position] == "#" {
    position += 1
    var radix: UInt32 = 10
    if position < text.count, text[position] == "x" || text[position] == "X" {
      radix = 16
      position += 1
    }
    let digits = position
    var value: UInt32 = 0
    while position < text.count, let digit = hexDigit(text[position]), digit < radix {
      // Above the last code point every value has the same effect, so the number may stop growing there.
      value = min(value * radix + digit, 0x11_0000)
      position += 1
    }
    guard position > digits, position < text.count, text[position] == ";" else { return nil }
    return (HTMLEntities.scalar(numbered: value), position + 1)
  }
  var name = ""
  while position < text.count, name.utf8.count <= HTMLEntities.longestName, isNameCharacter(text[position]) {
    name.unicodeScalars.append(text[position])
    position += 1
  }
  guard position < text.count, text[position] == ";", let scalar = HTMLEntities.named[name] else {
    return nil
  }
  return (scalar, position + 1)
}

private func isNameCharacter(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar {
  case "a"..."z", "A"..."Z", "0"..."9": true
  default: false
  }
}

private func hexDigit(_ scalar: Unicode.Scalar) -> UInt32? {
  switch scalar {
  case "0"..."9": scalar.value - 0x30
  case "a"..."f": scalar.value - 0x61 + 10
  case "A"..."F": scalar.value - 0x41 + 10
  default: nil
  }
}

/// The character entities of HTML 4 and XML, with the characters that browsers show for them today.
enum HTMLEntities {
  /// Every entity's scalar by its name, without `&` and `;`; names differ by case.
  static let named: [String: Unicode.Scalar] = {
    var entities: [String: Unicode.Scalar] = ["apos": "'"]
    for (value, name) in zip(UInt32(0xA0)..., latin1.split(whereSeparator: \.isWhitespace)) {
      entities[String(name)] = Unicode.Scalar(value)
    }
    for entry in others.split(whereSeparator: \.isWhitespace) {
      let parts = entry.split(separator: "=")
      entities[String(parts[0])] = UInt32(parts[1], radix: 16).flatMap(Unicode.Scalar.init)
    }
    return entities
  }()

  /// The longest name's length.
  static let longestName = 8

  /// The scalar of a numeric entity.
  ///
  /// As in HTML, 0x80 to 0x9F mean what Windows-1252 has there, and 0, surrogates and numbers beyond Unicode
  /// mean U+FFFD.
  static func scalar(numbered value: UInt32) -> Unicode.Scalar {
    switch value {
    case 0: "\u{FFFD}"
    case 0x80...0x9F: Unicode.Scalar(windows1252[Int(value - 0x80)]) ?? "\u{FFFD}"
    default: Unicode.Scalar(value) ?? "\u{FFFD}"
    }
  }

  /// The scalars of Windows-1252 from 0x80 to 0x9F; its five unassigned bytes map to themselves.
  private static let windows1252: [UInt32] = [
    0x20AC, 0x0081, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
    0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x008D, 0x017D, 0x008F,
    0x0090, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
    0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x009D, 0x017E, 0x0178,
  ]

  /// The names of U+00A0 to U+00FF.
  private static let latin1 = """
    nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr
    deg plusmn sup2 sup3 acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest
    Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml
    ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig
    agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml
    eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml
    """

  /// The other names with their code points.
  private static let others = """
    quot=22 amp=26 lt=3C gt=3E OElig=152 oelig=153 Scaron=160 scaron=161 Yuml=178 fnof=192 circ=2C6
    tilde=2DC
    Alpha=391 Beta=392 Gamma=393 Delta=394 Epsilon=395 Zeta=396 Eta=397 Theta=398 Iota=399 Kappa=39A
    Lambda=39B Mu=39C Nu=39D Xi=39E Omicron=39F Pi=3A0 Rho=3A1 Sigma=3A3 Tau=3A4 Upsilon=3A5 Phi=3A6 Chi=3A7
    Psi=3A8 Omega=3A9 alpha=3B1 beta=3B2 gamma=3B3 delta=3B4 epsilon=3B5 zeta=3B6 eta=3B7 theta=3B8 iota=3B9
    kappa=3BA lambda=3BB mu=3BC nu=3BD xi=3BE omicron=3BF pi=3C0 rho=3C1 sigmaf=3C2 sigma=3C3 tau=3C4
    upsilon=3C5 phi=3C6 chi=3C7 psi=3C8 omega=3C9 thetasym=3D1 upsih=3D2 piv=3D6
    ensp=2002 emsp=2003 thinsp=2009 zwnj=200C zwj=200D lrm=200E rlm=200F ndash=2013 mdash=2014 lsquo=2018
    rsquo=2019 sbquo=201A ldquo=201C rdquo=201D bdquo=201E dagger=2020 Dagger=2021 bull=2022 hellip=2026
    permil=2030 prime=2032 Prime=2033 lsaquo=2039 rsaquo=203A oline=203E frasl=2044 euro=20AC image=2111
    weierp=2118 real=211C trade=2122 alefsym=2135 larr=2190 uarr=2191 rarr=2192 darr=2193 harr=2194
    crarr=21B5 lArr=21D0 uArr=21D1 rArr=21D2 dArr=21D3 hArr=21D4
    forall=2200 part=2202 exist=2203 empty=2205 nabla=2207 isin=2208 notin=2209 ni=220B prod=220F sum=2211
    minus=2212 lowast=2217 radic=221A prop=221D infin=221E ang=2220 and=2227 or=2228 cap=2229 cup=222A
    int=222B there4=2234 sim=223C cong=2245 asymp=2248 ne=2260 equiv=2261 le=2264 ge=2265 sub=2282 sup=2283
    nsub=2284 sube=2286 supe=2287 oplus=2295 otimes=2297 perp=22A5 sdot=22C5 lceil=2308 rceil=2309
    lfloor=230A rfloor=230B lang=27E8 rang=27E9 loz=25CA spades=2660 clubs=2663 hearts=2665 diams=2666
    """
}
