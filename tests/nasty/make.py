"""Writes the files of this folder: what offices, programs and accidents make of a table.

python make.py. What each file should be read as stands in expected.json, written by hand.
"""
import gzip
import io
import zipfile
from pathlib import Path

HERE = Path(__file__).parent


def put(name, text, encoding="utf-8"):
    content = text if isinstance(text, bytes) else text.encode(encoding)
    (HERE / name).write_bytes(content)


# Encodings
KOREAN = "이름,나이,가입일\n김하늘,31,2024-03-05\n이바다,28,2024-03-06\n똠방각하,45,2024-03-07\n"
put("utf8_bom.csv", KOREAN, "utf-8-sig")
put("cp949.csv", KOREAN.replace("\n", "\r\n"), "cp949")
put("utf16_with_mark.csv", "\ufeff" + KOREAN.replace(",", "\t"), "utf-16-le")
put("utf16_without_mark.csv", KOREAN.replace("\n", "\r\n"), "utf-16-be")
put("latin1.csv", "ville;prénom;âge\nMontréal;Zoë;31\nBesançon;François;28\nOrléans;Anaïs;45\n", "cp1252")
put("shift_jis.csv", "名前,年齢,都市\n田中太郎,31,東京\n鈴木花子,28,大阪\n佐藤次郎,45,名古屋\n", "shift_jis")
put("one_bad_byte.csv", ("지역,값\n" + "서울특별시,1\n부산광역시,2\n" * 10).encode() + b"\xff,3\n")

# Delimiters and decimal marks
put("semicolons.csv", "Artikel;Preis;Menge\nStuhl;1.234,50;3\nTisch;99,00;12\nLampe;12.345.678,25;1\n")
put("sep_line.csv", "sep=;\r\na;b\r\n1;x,y\r\n2;z\r\n3;w\r\n")
put("tabs.csv", "id\tnote\tprice\n1\ta, b\t1.5\n2\tc; d\t2.25\n3\te\t3\n")
put("pipes.csv", "id|note|price\n1|a, b|1.5\n2|c; d|2.25\n3|e|3\n")
put("blanks.csv", " 00004 0001 19970101  2   29.33\r\n 00004 0001 19970118  2   29.73\r\n 00021 0002 19970802 10   14.96\r\n")
put("thousands.csv", 'region,sales\nNorth,"1,234,567"\nSouth,"89,012"\nEast,345\n')
put("apostrophes.csv", "Kanton;Betrag\nZürich;1'234'567.50\nBern;89'012.25\nUri;345.00\n")
put("trailing_delimiters.csv", "a,b,\n1,x,\n2,y,\n3,z,\n")

# Numbers
put("money.csv", 'won,dollar,euro,share,change\n"₩17,200",$5.00,€1.50,12.5%,(3.50)\n"₩20,800",$7.25,€2.25,0%,4.00\n₩900,-$1.10,€0.75,100%,(0.25)\n')
put("two_currencies.csv", "price\n$5\n€6\n$7\n")
put("scientific.csv", "x,y\n1e3,1.5E-10\n-2.5e+2,6.02214076e23\n3.25,-1e-300\n")
put("long_decimals.csv", "x\n0.30000000000000004\n729.5264952072858\n1.7976931348623157e308\n5e-324\n")
put("ids.csv", "zip,phone,order,card,plus\n01234,010-1234-5678,12345678901234567890,1234567812345678,+82 10-1234-5678\n90210,02-123-4567,98765432109876543210,8765432187654321,+82 2-123-4567\n00001,031-987-6543,11111111111111111111,1111222233334444,+1 555-0100\n")
put("missing_words.csv", "a,b,c,d\n1,NA,x,-\n2,N/A,NULL,.\n#N/A,3,y,4\n4,,n/a,5\nnull,5,z,#DIV/0!\n")
put("nearly_numbers.csv", "score\n" + "".join(f"{i}\n" for i in range(40)) + "absent\nabsent\n")
put("whitespace.csv", "id , name ,  amount\n 1 , Kim ,  10.5 \n 2,  Lee  , 20.5\n 3 ,\tPark\t, 30.5\n")

# Dates, times, truth
put("korean_dates.csv", "주문일,출고,도착\n2024년 3월 5일,2024. 3. 5.,2024.03.06\n2024년 12월 25일,2024. 12. 25.,2024.12.26\n2024년 1월 1일,2024. 1. 1.,2024.01.02\n")
put("dates_with_times.csv", "at\n2024-03-05\n2024-03-05 14:30\n2024-03-06T09:15:30.5\n")
put("offsets.csv", "at\n2024-03-05T09:00:00+09:00\n2024-03-05T10:00:00+09:00\n")
put("either_way_round.csv", "day\n3/5/2024\n4/6/2024\n12/11/2024\n")
put("day_first.csv", "day\n3/5/2024\n25/6/2024\n12/11/2024\n")
put("two_orders.csv", "day\n25/6/2024\n6/25/2024\n12/11/2024\n")
put("compact_dates.csv", "order_date,n\n20240305,1\n20240306,2\n20241231,3\n")
put("times.csv", "start,end\n9:05,오후 3:05\n10:30:15,오전 12:00\n23:59,오후 11:59\n")
put("truth.csv", "en,caps,yes_no,ko,y_n,de\ntrue,TRUE,yes,예,Y,ja\nfalse,FALSE,no,아니오,N,nein\ntrue,TRUE,yes,예,Y,ja\n")

# Quotes and lines
put("quoted_newlines.csv", 'id,note\r\n1,"first line\r\nsecond, with ""quotes"""\r\n2,"one\n\nthree"\r\n3,plain\r\n')
put("stray_quotes.csv", 'id,note\n1,"He said "hi" to me"\n2,5" disk\n3,"ok"\n')
put("broken_quote.csv", 'id,note\n1,fine\n2,"never closed\n3,fine\n4,"also fine"\n')
put("ragged.csv", "a,b,c\n1,2,3\n4,5\n6,7,8,9\n10\n11,12,13\n")
put("carriage_returns.csv", "a,b\r1,x\r2,y\r3,z\r")
put("mixed_line_ends.csv", "a,b\r\n1,x\n2,y\r3,z\r\n4,w\n")
put("zero_bytes.csv", b"a,b\n1\x00,x\n2,y\x00\x00\n3,z\n")
put("comments.csv", "# exported by hand\n# 2024-03-05\nid,name\n1,Kim\n# half way\n2,Lee\n3,Park\n")

# Headers
put("no_header.csv", "1,2.5,2024-03-05\n2,3.5,2024-03-06\n3,4.5,2024-03-07\n")
put("duplicate_headers.csv", "name,score,score,,score\nKim,1,2,x,3\nLee,4,5,y,6\nPark,7,8,z,9\n")
put("years_as_headers.csv", "country,2019,2020,2021\nKorea,1.5,2.5,3.5\nJapan,4.5,5.5,6.5\n")
put("header_only.csv", "a,b,c\n")
put("repeated_header.csv", "id,amount\n1,10\n2,20\nid,amount\n3,30\nid,amount\n4,40\n")

# Around the table
put("title_above.csv", "Sales of March\nMade by Kim\n\nregion,n,amount\nSeoul,3,1.5\nBusan,4,2.5\nDaegu,5,3.5\n")
put("padded_by_excel.csv", "판매 현황,,,\n,,,\n지역,건수,금액,비고\n서울,3,\"1,500\",\n부산,4,\"2,500\",좋음\n대구,5,\"3,500\",\n,,,\n,,,\n")
put("totals_below.csv", "지역,건수,금액\n서울,3,1500\n부산,4,2500\n대구,5,3500\n합계,12,7500\n")
put("notes_below.csv", "region,n,amount\nSeoul,3,1.5\nBusan,4,2.5\n\nSource: Statistics office, 2024\n* provisional\n")
put("rows_affected.csv", "id,name,city\n1,Kim,Seoul\n2,Lee,Busan\n\n(2 rows affected)\n")

# No table
put("empty.csv", "")
put("blank_lines.csv", "\n\r\n   \n\n")
put("picture.csv", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01")
put("noise.csv", bytes((i * i * 31 + 7 * i) % 256 for i in range(4000)))
put("web_page.csv", "<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body>Please sign in</body></html>\n")

# Packed
put("packed.csv.gz", gzip.compress(KOREAN.encode(), mtime=0))
put("cut_short.csv.gz", gzip.compress("".join(f"{i},{i * i % 97}\n" for i in range(5000)).encode(), mtime=0)[:4000])


def archive(name, members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        for member, text in members:
            z.writestr(zipfile.ZipInfo(member, (2024, 1, 1, 0, 0, 0)), text.encode(), zipfile.ZIP_DEFLATED)
    put(name, out.getvalue())


archive("two_tables.zip", [("readme.pdf", "%PDF"), ("2024/jan.csv", "id,amount\n1,10\n2,20\n"), ("2024/feb.csv", "id,amount\n3,30.5\n")])
archive("no_table.zip", [("2024/", "")])
